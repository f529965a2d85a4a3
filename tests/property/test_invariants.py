"""The invariants of the design, under any order of events: of several people, journeys, doors, crashes and clocks.

A machine of Hypothesis plays against a whole recovery on the memory store. It knows what each person was sent, because
it reads the messages; what it checks is what can be seen from outside: replies, messages, the store, the directory.
Numbers 3, 9 and 12 are checked elsewhere: by the exhaustive search, in lockstep with decoys, and on the pure step.
"""



