"""The invariants of the design, under any order of events: several people, journeys, doors, crashes, and a clock.

The machine of the kit plays, against the adapters in memory.
"""

from msa_recovery.testing.machine import RecoveryMachine

TestJourneys = RecoveryMachine.TestCase
