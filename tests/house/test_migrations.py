"""Do the migrations make the tables that the models describe, and quickly?"""

import pytest
from django.core.management import call_command
from django.db import migrations
from django.db.migrations.loader import MigrationLoader


@pytest.mark.django_db
def test_the_models_have_no_change_that_no_migration_makes():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_the_first_migration_makes_every_table_whole():
    operations = MigrationLoader(None).disk_migrations["relance", "0001_initial"].operations
    others = [operation for operation in operations if not isinstance(operation, migrations.CreateModel)]
    # SQLite makes a table anew for each constraint added afterwards: two seconds for the first command of every user.
    assert [operation.describe() for operation in others] == ["Add field fallback_payment_method to company"]
