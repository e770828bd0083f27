"""The reasoning of Gatewright: no printing, no network, no clock."""
