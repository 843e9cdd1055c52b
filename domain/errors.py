"""Refusals: answers that a person can act on, as opposed to faults.

A refusal's text may be shown as it stands: it says what was asked, why not, what to do
next and whether anything was stored, and it never repeats a person's data.  A fault is a
plain Python exception and is not caught.
"""


class Refused(Exception):
    """The request was understood and cannot be done as asked. Never retried."""


class SettingsRefused(Refused):
    """A setting is missing or wrong."""


class PolicyRefused(Refused):
    """A policy file cannot be used."""


class MapRefused(Refused):
    """A column map cannot be used."""


class FeedRefused(Refused):
    """A delivered file cannot be read at all; nothing of it is stored."""


class DecisionRefused(Refused):
    """A person's decision cannot be recorded as asked."""


class NightRefused(Refused):
    """A night cannot be run as asked."""


class SampleRefused(Refused):
    """An assurance sample cannot be planned, drawn or judged as asked."""
