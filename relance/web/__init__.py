"""How do people see and do it all? Pages rendered by the server; every one of them works without JavaScript."""
