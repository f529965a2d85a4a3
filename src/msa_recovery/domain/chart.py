"""The charts of the journey, and nothing but the charts.

How to read them. A row is ``state.to(next state, cond=..., unless=..., on=...)``; it belongs to the event that its
list is assigned to. Of the rows of one state and event, the first that holds fires, and the last one always holds: for
every event that a state accepts, exactly one row fires. ``cond`` and ``unless`` name predicates of ``guards.py``;
``on`` names what the row does, in ``effects.py``. A row from a state to itself stays there.

Rules of this file. Each state has one line of doc: what the person sees. Guards and effects stand here by name, never
as code. No transition lives anywhere else: what the product runs (``machine.py``), and every diagram, come from here.

Theory. The state says which step the person sees; the journey beside it, and the account's ledger, say what was used
up. Whatever cannot go on electronically goes on as a letter to the address on file, and when no letter may be posted
either, the journey is blocked: then the fund helps by telephone. Before any row, an event that comes past the journey's
deadline is taken as ``lapse``.
"""

from typing import cast

from .notation import State, StateChart, TransitionList

__all__ = ["ChangeChart", "RecoveryChart"]


def _as_a_letter(
    state: State, waiting: State, blocked: State, *, unless: tuple[str, ...] = (), first: tuple[str, ...] = ()
) -> TransitionList:
    """The three rows that the design calls *as a letter*: one is under way, one may be posted, none may be posted."""
    rows: TransitionList = (
        state.to(waiting, cond="letter_is_live", unless=unless, on=(*first, "await_letter"))
        | state.to(waiting, cond="letter_may_be_posted", unless=unless, on=(*first, "post_letter"))
        | state.to(blocked, unless=unless, on=(*first, "tell_of_block"))
    )
    return rows


class RecoveryChart(StateChart[None]):
    """Mot de passe oublié: from an identifier to a password of one's own and confirmed contact details."""

    catch_errors_as_events = False
    allow_event_without_transition = False

    class in_progress(State.Compound):  # noqa: N801 - a state's name
        """Everything that can be abandoned and can lapse."""

        identifying = State("Vérification de votre identité", initial=True)
        answering_challenge = State("Première connexion : une question vous est posée")
        choosing_channel = State("Comment désirez-vous recevoir votre mot de passe temporaire ?")
        confirming_code = State("Saisir le code de confirmation")
        awaiting_sign_in = State("Un mot de passe temporaire vous a été envoyé")
        personalising_password = State("Votre mot de passe est temporaire. Vous devez le personnaliser.")
        confirming_contacts = State("Confirmation de vos coordonnées")

    completed = State("Votre espace privé est ouvert", final=True)
    abandoned = State("Vous avez abandonné la demande", final=True)
    lapsed = State("Le délai de la demande est dépassé", final=True)
    blocked = State("Merci de contacter votre caisse", final=True)
    signed_in_with_franceconnect = State("Vous êtes connecté avec FranceConnect", final=True)

    at = in_progress
    anywhere = cast(State, in_progress)

    identify = (
        at.identifying.to(
            at.choosing_channel, cond=("first_sign_in_is_proved", "code_is_live_or_may_be_sent"), on="adopt_account"
        )
        | at.identifying.to(
            at.answering_challenge,
            cond=("first_sign_in", "answer_is_left"),
            unless="first_sign_in_is_proved",
            on="adopt_account",
        )
        | at.identifying.to(
            at.choosing_channel, cond="code_is_live_or_may_be_sent", unless="first_sign_in", on="adopt_account"
        )
        | _as_a_letter(at.identifying, at.awaiting_sign_in, blocked, first=("adopt_account",))
    )
    use_franceconnect = at.identifying.to(
        signed_in_with_franceconnect, cond="identity_is_an_individuals", on="adopt_account"
    ) | at.identifying.to(at.identifying, internal=True, on="say_identity_is_refused")
    order_letter = at.identifying.to(
        at.awaiting_sign_in,
        cond=("asked_by_an_agent", "letter_may_be_posted"),
        on=("adopt_account", "post_letter"),
    ) | at.identifying.to(at.identifying, internal=True, on="say_letter_is_refused")
    answer_challenge = (
        at.answering_challenge.to(
            at.answering_challenge, internal=True, cond="challenge_is_not_offered", on="say_challenge_is_not_offered"
        )
        | at.answering_challenge.to(
            at.choosing_channel,
            cond=("guess_is_right", "code_may_be_sent"),
            on=("settle_answer", "note_challenge_passed"),
        )
        | _as_a_letter(at.answering_challenge, at.awaiting_sign_in, blocked, first=("settle_answer",))
    )
    choose_channel = (
        at.choosing_channel.to(at.confirming_code, cond="code_of_channel_is_live")
        | at.choosing_channel.to(
            at.confirming_code, cond=("channel_is_offered", "code_may_be_sent_now"), on="send_code"
        )
        | _as_a_letter(at.choosing_channel, at.awaiting_sign_in, blocked, unless=("code_is_live", "code_may_be_sent"))
        | at.choosing_channel.to(at.choosing_channel, internal=True, on="say_when_code_may_be_sent")
    )
    submit_code = (
        at.confirming_code.to(at.confirming_code, internal=True, cond="code_is_not_live", on="say_code_is_not_live")
        | at.confirming_code.to(
            at.awaiting_sign_in,
            cond="guess_is_right",
            on=("settle_code_guess", "end_code", "issue_temporary_password"),
        )
        | at.confirming_code.to(at.confirming_code, internal=True, cond="guess_of_code_is_left", on="say_code_is_wrong")
        | at.confirming_code.to(
            at.confirming_code, internal=True, cond="code_may_be_sent", on=("end_code", "say_code_is_dead")
        )
        | _as_a_letter(at.confirming_code, at.awaiting_sign_in, blocked, first=("end_code",))
    )
    resend_code = (
        at.confirming_code.to(at.confirming_code, internal=True, cond="code_may_be_sent_now", on="send_code")
        | _as_a_letter(at.confirming_code, at.awaiting_sign_in, blocked, unless=("code_is_live", "code_may_be_sent"))
        | at.confirming_code.to(at.confirming_code, internal=True, on="say_when_code_may_be_sent")
    )
    sign_in = (
        at.awaiting_sign_in.to(at.awaiting_sign_in, internal=True, cond="guess_must_wait", on="say_when_to_sign_in")
        | at.awaiting_sign_in.to(
            at.personalising_password, cond="guess_is_right", on=("settle_sign_in", "allow_new_password")
        )
        | at.awaiting_sign_in.to(at.awaiting_sign_in, internal=True, on="say_sign_in_is_wrong")
    )
    choose_password = (
        at.personalising_password.to(blocked, cond="comparisons_are_spent", on="tell_of_block")
        | at.personalising_password.to(
            at.confirming_contacts, cond="password_is_acceptable", on=("mark_contacts_to_confirm", "accept_password")
        )
        | at.personalising_password.to(at.personalising_password, internal=True, on="say_what_password_breaks")
    )
    edit_contact = at.confirming_contacts.to(
        at.confirming_contacts, internal=True, cond="contact_may_be_edited", on="keep_edit"
    ) | at.confirming_contacts.to(at.confirming_contacts, internal=True, on="say_contact_is_the_last")
    confirm_contacts = at.confirming_contacts.to(completed, on=("put_contacts_on_file", "clear_contacts_mark"))
    go_back = (
        at.confirming_code.to(at.choosing_channel)
        | at.choosing_channel.to(at.identifying)
        | at.answering_challenge.to(at.identifying)
    )
    abandon = anywhere.to(abandoned)
    lapse = anywhere.to(lapsed, cond="deadline_is_passed") | anywhere.to(None)

    del at, anywhere


class ChangeChart(StateChart[None]):
    """Mon compte > Email & Mot de passe > modifier mon mot de passe: the voluntary change of a signed-in person."""

    catch_errors_as_events = False
    allow_event_without_transition = False

    class in_progress(State.Compound):  # noqa: N801 - a state's name
        """Everything that can be abandoned and can lapse."""

        proving_password = State("Votre mot de passe actuel", initial=True)
        personalising_password = State("Votre nouveau mot de passe")

    completed = State("Votre mot de passe a bien été modifié", final=True)
    abandoned = State("Vous avez abandonné la demande", final=True)
    lapsed = State("Le délai de la demande est dépassé", final=True)
    blocked = State("Merci de contacter votre caisse", final=True)

    at = in_progress
    anywhere = cast(State, in_progress)

    prove_password = (
        at.proving_password.to(
            at.proving_password, internal=True, cond="guess_must_wait", on="say_when_password_may_be_proved"
        )
        | at.proving_password.to(
            at.personalising_password, cond="guess_is_right", on=("settle_current_password", "allow_new_password")
        )
        | at.proving_password.to(
            at.proving_password,
            internal=True,
            cond="current_password_try_is_left",
            on="say_current_password_is_wrong",
        )
        | at.proving_password.to(blocked, on="tell_of_block")
    )
    choose_password = at.personalising_password.to(
        completed, cond="password_is_acceptable", on="accept_password"
    ) | at.personalising_password.to(at.personalising_password, internal=True, on="say_what_password_breaks")
    abandon = anywhere.to(abandoned)
    lapse = anywhere.to(lapsed, cond="deadline_is_passed") | anywhere.to(None)

    del at, anywhere
