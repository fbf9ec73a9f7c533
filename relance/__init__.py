"""Relance: gets a company's overdue invoices paid."""

__version__ = "0.1.0"
