"""Do the migrations make the tables that the models describe, and quickly?"""

import pytest
from django.core.management import call_command
from django.db import migrations
from django.db.migrations.loader import MigrationLoader


@pytest.mark.django_db
def test_the_models_have_no_change_that_no_migration_makes():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_the_tables_of_users_stand_alone_and_the_others_are_made_whole_after_all_those_that_know_users():
    # Django draws every model joined to a changed one anew: what libraries change about users would cost seconds with all tables there.
    # And SQLite makes a table anew for each constraint added afterwards.
    loader = MigrationLoader(None)
    users, tables = (loader.disk_migrations["relance", name] for name in ("0001_users", "0002_initial"))
    others = [operation for operation in users.operations + tables.operations if not isinstance(operation, migrations.CreateModel)]
    assert [operation.describe() for operation in others] == ["Add field fallback_payment_method to company"]
    assert [operation.name for operation in users.operations] == ["User"]
    assert {leaf for leaf in loader.graph.leaf_nodes() if leaf[0] != "relance"} <= set(tables.dependencies)
