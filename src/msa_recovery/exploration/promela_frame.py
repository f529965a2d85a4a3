"""What the Promela model has beside the rows of the charts, and no chart changes: macros, time, doors, people, and what
must be so of them.
"""

from typing import Final

__all__ = ["DOORS", "INSISTS", "MACROS", "PEOPLE", "TIME"]

MACROS: Final = """\
#define CODE_IS_LIVE (code_held && code_guesses > 0 && code_left > 0)
#define ON_FILE(way) ((way == SMS && acc_sms) || (way == EMAIL && acc_email))
#define CHANNEL (taken == choose_channel -> (in_email -> EMAIL : SMS) : (channel == NO_CHANNEL -> SMS : channel))
#define MAY_SEND ((acc_sms || acc_email) && codes_sent < CODES_PER_JOURNEY && sends_month < SENDS_PER_MONTH && \\
    wrong_codes + GUESSES_PER_CODE <= CODE_GUESSES_PER_MONTH)
#define MAY_SEND_NOW (cooldown_left == 0 && sends_day < SENDS_PER_DAY && \\
    wrong_codes + others_guesses + GUESSES_PER_CODE <= CODE_GUESSES_PER_MONTH)
#define HELD(way) ((way == SMS -> edit_sms : edit_email) == ADDED || \\
    ((way == SMS -> edit_sms : edit_email) == UNTOUCHED && ON_FILE(way)))
#define EDIT (in_removes -> REMOVED : ADDED)
#define COMPARISON (in_right -> RIGHT : WRONG)
#define LATER_OF(one, other) (one > other -> one : other)
#define IS_OVER (journey_left == 0 || (state == awaiting_sign_in && sent_left == 0 && letter_left == 0))
#define CAPS_HOLD (wrong_codes <= CODE_GUESSES_PER_MONTH && sends_month <= SENDS_PER_MONTH && \\
    sends_day <= SENDS_PER_DAY && letters <= LETTERS_PER_MONTH && given <= ANSWERS_PER_MONTH && \\
    sign_ins <= SIGN_INS_PER_DAY && current_day <= CURRENT_PASSWORDS_PER_DAY && \\
    codes_sent <= CODES_PER_JOURNEY && answers <= ANSWERS_PER_JOURNEY && code_guesses <= GUESSES_PER_CODE)
#define WRONG_GUESSES (wrong_codes + given + sign_ins + current_day)
"""

TIME: Final = """\
/* Time passes, as long as one of the lengths of the policy: every deadline that is no further away is over. The counts
   of a day, and those of a month, age out together. */
inline some_time_passes() {{
    if
    {lengths}
    fi;
    time_passes()
}}

inline time_passes() {{
    {ticks};
    length = 0;
    if :: code_left == 0 -> code_guesses = 0 :: else fi;
    if :: others_left == 0 -> others_guesses = 0 :: else fi;
    if :: day_left == 0 -> sends_day = 0; sign_ins = 0; current_day = 0 :: else fi;
    if :: month_left == 0 -> sends_month = 0; wrong_codes = 0; given = 0; letters = 0 :: else fi
}}
"""

DOORS: Final = """\
/* What the journey held is gone once it is over; a code that is still live counts among those of other journeys. */
inline ends() {
    if
    :: CODE_IS_LIVE -> others_guesses = LATER_OF(others_guesses, code_guesses); others_left = code_left
    :: else
    fi;
    adopted = 0; challenge_passed = 0; code_held = 0; code_guesses = 0; code_left = 0; codes_sent = 0; answers = 0;
    current_tries = 0; comparisons = 0; channel = NO_CHANNEL; code_channel = NO_CHANNEL; journey_left = 0;
    edit_sms = UNTOUCHED; edit_email = UNTOUCHED; changing = 0
}

inline a_door_is_opened() {
    signed_in = 0; accepted = 0;
    if
    :: state = identifying; journey_left = JOURNEY_LIFETIME
    :: !insists && (sent_left > 0 || letter_left > 0) ->
        state = awaiting_sign_in; adopted = 1; journey_left = LATER_OF(sent_left, letter_left)
    :: !insists && to_confirm -> /* by a usual sign-in */
        state = confirming_contacts; adopted = 1; signed_in = 1; accepted = 1; journey_left = SIGNED_IN_LIFETIME
    :: !insists && !acc_first ->
        state = proving_password; adopted = 1; changing = 1; journey_left = JOURNEY_LIFETIME
    fi
}
"""

INSISTS: Final = """\
/* Somebody who holds the right secrets and wants to get in: what that person does in each state. Where nothing can be
   done for now, the person waits as long as the view says. */
inline the_holder_goes_on() {
    in_right = 1;
    if
    :: state == identifying -> event = identify
    :: state == answering_challenge -> event = answer_challenge; in_offered = 1
    :: state == choosing_channel && (MAY_SEND_NOW || !MAY_SEND || CODE_IS_LIVE) ->
        event = choose_channel; in_email = (CODE_IS_LIVE -> code_channel == EMAIL : !acc_sms)
    :: state == confirming_code && CODE_IS_LIVE -> event = submit_code
    :: state == confirming_code && !CODE_IS_LIVE && (MAY_SEND_NOW || !MAY_SEND) -> event = resend_code
    :: state == awaiting_sign_in && sign_in_left == 0 && sign_ins < SIGN_INS_PER_DAY -> event = sign_in
    :: state == personalising_password -> event = choose_password; in_right = 0
    :: state == confirming_contacts -> event = confirm_contacts
    :: else -> event = NO_EVENT;
        if
        :: state == awaiting_sign_in -> length = (sign_in_left > 0 -> SIGN_IN_WAIT : DAY)
        :: state != awaiting_sign_in && cooldown_left > 0 -> length = SEND_COOLDOWN
        :: state != awaiting_sign_in && cooldown_left == 0 && sends_day >= SENDS_PER_DAY -> length = DAY
        :: else -> length = CODE_LIFETIME /* of other journeys */
        fi
    fi
}
"""

PEOPLE: Final = """\
active proctype people() {
    atomic {
        if :: acc_first = 1 :: skip fi;
        /* By e-mail alone is as by SMS alone: no guard tells them apart. */
        if :: acc_sms = 1 :: acc_sms = 1; acc_email = 1 :: skip fi;
        state = identifying; journey_left = JOURNEY_LIFETIME
    };
    do
    :: atomic { !insists -> some_time_passes() }
    :: atomic { !insists && !changing && IN_PROGRESS -> insists = 1 }
    :: atomic { IN_PROGRESS ->
        if :: insists -> the_holder_goes_on() :: else -> something_is_sent() fi;
        if :: event == NO_EVENT -> time_passes() :: else -> it_is_taken() fi;
        forget() }
    :: atomic { !IN_PROGRESS && !insists -> a_door_is_opened() }
    :: atomic { !IN_PROGRESS && insists && state != completed ->
        length = MONTH; time_passes(); a_door_is_opened() }
    :: insists && state == completed -> break
    od
}

/* 1: completed only through a right password, an accepted new one and, in the recovery, confirmed contact details. */
ltl completed_is_earned { [] (state == completed -> signed_in && accepted) }
/* 3: whoever holds the right secrets and insists gets in, from wherever that begins. */
ltl the_holder_gets_in { [] (insists -> <> (state == completed)) }
"""
