"""What tests of alerts have, too: a home, a receiver, and no settings of the machine the tests run on."""

from tests.unit.alerting.conftest import home, no_settings, receiver

__all__ = ["home", "no_settings", "receiver"]
