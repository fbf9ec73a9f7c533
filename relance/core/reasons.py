"""Why is a due item left out? The closed list of reasons, in the order in which they are asked (rules, section 3)."""

from enum import StrEnum


class Reason(StrEnum):
    """One per left-out due item: the first that holds."""

    NOT_AN_INVOICE = "not_an_invoice"
    PAYMENT_METHOD = "payment_method"
    CUSTOMER_DUNNING_DISABLED = "customer_dunning_disabled"
    INSOLVENT = "insolvent"
    NOT_SELECTED = "not_selected"  # editions only: their filters come here
    CUSTOMER_MODE_OFF = "customer_mode_off"
    CUSTOMER_ON_HOLD = "customer_on_hold"
    BLOCKED = "blocked"
    BLOCKED_TEMPORARILY = "blocked_temporarily"
    DISPUTED = "disputed"
    PROMISED = "promised"
    LEVEL_NA = "level_na"
    IN_FLIGHT = "in_flight"
    NOT_DUE = "not_due"
    NO_LEVEL_APPLIES = "no_level_applies"
    ALREADY_AT_LEVEL = "already_at_level"
    TOO_SOON = "too_soon"
    NOT_AUTOMATIC = "not_automatic"
    BELOW_MINIMUM = "below_minimum"
    CREDITOR_CUSTOMER = "creditor_customer"
    PAYMENT_TO_MATCH = "payment_to_match"  # automatic runs of companies that ask for it
    NO_RECIPIENT = "no_recipient"
    BELOW_RUN_MINIMUM = "below_run_minimum"  # editions only: their minimum per customer comes last
    SETTLED = "settled"  # explanations only: a settled due item is never asked about by a run
