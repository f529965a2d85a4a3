"""The demonstration, typed: whole journeys with mistakes, in both languages, wide and narrow."""

import io
from pathlib import Path

import pytest

from msa_recovery.application.caller import Language
from msa_recovery.cli import main
from msa_recovery.domain.account import Channel
from tests.cli.visit import PASSWORD, Line, from_message, pages, visit, wrong_code

CAMILLE = "2 84 03 33 900 001 47"
MARCEL = "138013390300492"
LEA = "2 95 06 40 906 008 53"

BY_SMS = from_message(Channel.SMS)
BY_EMAIL = from_message(Channel.EMAIL)
BY_LETTER = from_message(Channel.LETTER)


def test_a_recovery_by_sms_with_mistakes_in_french() -> None:
    """The words of the seed, and each problem with its remedy beside the field (R56)."""
    shown = pages(
        visit(
            *("2", "", "2 84 03 33 900 001 48", CAMILLE),
            *("3", "1", "12", wrong_code, "+ 31m", BY_SMS, "n", BY_SMS),
            *("oublie", BY_SMS, "court", "autre", PASSWORD, PASSWORD),
            *("9", "1", "camille", "1", "camille@example.net", "c", "", "2", "q"),
        )
    )
    told = [
        "Que voulez-vous faire ?",
        "Vérification de votre identité",
        "Attention : Ce champ est exigé.",
        "Attention : La clé (les deux derniers chiffres) ne va pas avec ce numéro.",
        "1 SMS 06 •• •• •• 11 2 E-mail c•••••@e•••••.org",
        "Attention : Choisissez comment recevoir votre mot de passe temporaire.",
        "Code valable encore 30 minutes. Il vous reste 3 essais.",
        "Attention : Le code se compose de 4 chiffres.",
        "Attention : Ce code n’est pas le bon. Il vous reste 2 essais.",
        "Ce code n’est plus valable. Demandez un nouveau code.",
        "Attention : Ce code n’est plus valable. Demandez un nouveau code.",
        "Il vous reste 3 essais.",
        "Un mot de passe temporaire vous a été envoyé",
        "Attention : Ce n’est pas un mot de passe temporaire : il compte 12 caractères.",
        "Votre mot de passe est temporaire. Vous devez le personnaliser.",
        "- Il doit contenir au moins 8 caractères. - Il doit contenir un chiffre.",
        "Votre mot de passe a bien été modifié",
        "Attention : Choisissez l’une de vos coordonnées.",
        "Attention : Cette adresse email n’est pas correcte.",
        "1 Adresse email : camille@example.net (modifié)",
        "Votre espace privé est ouvert",
        "Vous êtes connecté : MME CAMILLE LABORDE.",
        "Que voulez-vous faire ?",
    ]
    assert len(told) == len(shown) - 1, "a page for each line that was typed, but for second fields"
    assert [] == [(sentence, page) for sentence, page in zip(told, shown[1:], strict=True) if sentence not in page]


def test_a_first_sign_in_with_a_wrong_answer_in_english() -> None:
    shown = pages(
        visit(
            *("2", LEA, "7", "2", "a lot", "2", "148,53"),
            *("+ 3d", BY_LETTER, PASSWORD, PASSWORD, "c", "", "1", "Nonsense-12!", PASSWORD),
            *("Nouveau-mot-48?", "Nouveau-mot-48?", "", "2"),
            language=Language.EN,
        )
    )
    told = [
        "What would you like to do?",
        "Checking who you are",
        "1 What is the serial number of your carte Vitale? 2 ",
        "Please note: Choose the question that you answer.",
        "Please note: ",
        "Letter-box",
        "You have another 18 days for this step.",
        "Your password is temporary. You have to choose your own.",
        "Your password has been changed",
        "Your private space is open",
        "You are signed in: MME LEA CASTETS.",
        "Your current password",
        "You have 4 tries left.",
        "Your new password",
        "Your password has been changed",
        "You are signed in: MME LEA CASTETS.",
        "End of the demonstration. Goodbye.",
    ]
    assert [] == [(sentence, page) for sentence, page in zip(told, shown[1:], strict=True) if sentence not in page]


def last_page(*lines: Line, language: Language = Language.FR) -> str:
    """The page that these lines lead to."""
    return pages(visit(*lines, language=language))[-1]


@pytest.mark.parametrize("width", [60, 80, 100, 140])
@pytest.mark.parametrize("language", Language)
def test_no_line_is_longer_than_the_terminal_is_wide(width: int, language: Language) -> None:
    shown = visit(
        *("9", "2", LEA, "1", "8025000001 2345678906", "2", BY_EMAIL, BY_EMAIL, "a", "b", PASSWORD, PASSWORD, "c", ""),
        *("0", "4", MARCEL, "3", "1", "", "1", "falsch", "?", "0"),
        language=language,
        width=width,
    )
    assert [] == [line for line in shown.splitlines() if len(line) > width]


def test_in_a_wide_terminal_the_phone_stands_beside_the_page() -> None:
    beside = [line for line in visit("2", CAMILLE, "1", width=100).splitlines() if "╭─ Téléphone" in line]
    assert ["╭───"] == [line[:4] for line in beside]


def test_in_a_narrow_terminal_the_phone_stands_below_the_page() -> None:
    below = [line for line in visit("2", CAMILLE, "1", width=99).splitlines() if "╭─ Téléphone" in line]
    assert ["╭─ T"] == [line[:4] for line in below]


def test_a_notice_is_shown_whole_once() -> None:
    shown = pages(visit("2", CAMILLE, "1", BY_SMS, BY_SMS, PASSWORD, PASSWORD, "c", ""))
    assert ["Le mot de passe de Mon espace privé MSA vient d’être changé." in page for page in shown[-3:]] == [
        True,
        False,
        False,
    ]


def test_a_message_with_a_secret_is_shown_whole_until_the_secret_is_dead() -> None:
    shown = pages(visit("2", CAMILLE, "1", "0", "+ 29m", "+ 1m"))
    assert ["votre code est" in page and "dernier message" not in page for page in shown[-3:]] == [True, True, False]


# -- doors -------------------------------------------------------------------------------------------------------------


def test_a_journey_can_be_left_and_gone_on_with() -> None:
    assert "Saisir le code de confirmation" in last_page("2", CAMILLE, "1", "0", "5")


def test_a_journey_that_is_over_is_not_offered_again() -> None:
    assert "Reprendre" not in last_page("2", CAMILLE, "a", "0")


def test_another_journey_does_not_replace_the_one_that_was_left() -> None:
    changed = ("1", CAMILLE, "Cep#Vendanges19", "1", "0")
    assert "Comment désirez-vous recevoir" in last_page("2", LEA[:0] + "151074090100206", "0", *changed, "5")


def test_the_clock_brings_a_journey_to_its_end() -> None:
    assert "Le délai de la demande est dépassé" in last_page("2", CAMILLE, "+ 61 min")


def test_the_sign_in_form_takes_a_temporary_password_too() -> None:
    assert "Vous devez le personnaliser" in last_page("2", MARCEL, "0", "1", MARCEL, BY_LETTER)


def test_the_sign_in_form_says_the_same_to_whoever_is_unknown() -> None:
    """R13."""
    unknown, known = (last_page("1", who, "Nonsense-12!").replace(who, "") for who in ("1 50 01 33 910 001", CAMILLE))
    assert "Identifiant ou mot de passe incorrect." in known
    assert known == unknown


def test_unconfirmed_contacts_are_asked_for_at_the_sign_in() -> None:
    assert "Confirmation de vos coordonnées" in last_page("1", "2 69 08 64 905 007", "Espelette%Rouge69")


def test_too_many_wrong_temporary_passwords_have_to_wait_at_the_form() -> None:
    form: tuple[Line, ...] = ("1", *(MARCEL, "Ab#34defghjk") * 6)
    assert "Trop d’essais." in last_page("2", MARCEL, "0", *form)


def test_franceconnect_opens_the_private_space_of_an_individual() -> None:
    assert "Vous êtes connecté : MME CAMILLE LABORDE." in last_page("3", "1", "")


def test_franceconnect_refuses_a_stranger_and_the_journey_goes_on() -> None:
    assert "Comment désirez-vous recevoir" in last_page("2", "f", "4", CAMILLE)


def test_franceconnect_refuses_a_farmer_and_says_why() -> None:
    """R48."""
    assert "FranceConnect est réservé aux particuliers" in last_page("2", "f", "3")


def test_an_agent_orders_a_letter_and_is_told_when_one_is_under_way() -> None:
    shown = pages(visit("4", CAMILLE, "4", CAMILLE))
    assert "La demande de courrier est enregistrée." in shown[-3]
    assert "Un courrier avec un mot de passe temporaire est déjà en route." in shown[-1]


def test_the_last_contact_cannot_be_removed_and_nothing_typed_changes_nothing() -> None:
    roger: tuple[Line, ...] = ("2", "151074090100206", "1", BY_SMS, BY_SMS, PASSWORD, PASSWORD)
    shown = pages(visit(*roger, "2", "-", "2", ""))
    assert "Gardez une adresse email ou un numéro de téléphone portable" in shown[-2]
    assert "Attention" not in shown[-1]


def test_codes_spent_end_in_a_letter() -> None:
    guesses: tuple[Line, ...] = (wrong_code,) * 3
    page = last_page("2", CAMILLE, "1", *guesses, "+ 1m", "n", *guesses, "+ 1m", "n", *guesses)
    assert "Il vous est envoyé par courrier, à votre adresse postale." in page


# -- how it ends -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lines", [(), ("2",), ("2", CAMILLE, "1"), ("1", CAMILLE), ("q",)])
def test_it_ends_politely_wherever_the_person_leaves(lines: tuple[str, ...]) -> None:
    assert "Fin de la démonstration. Au revoir." in last_page(*lines)


def test_ctrl_c_ends_it_politely() -> None:
    def interrupted(_: object) -> str:
        raise KeyboardInterrupt

    assert "Fin de la démonstration. Au revoir." in last_page("2", interrupted)


@pytest.mark.parametrize(("lang", "goodbye"), [("fr", "Au revoir."), ("en", "Goodbye.")])
def test_unattended_it_ends_with_success(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, lang: str, goodbye: str
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"2\n{CAMILLE}\n"))
    assert 0 == main(["demo", "--terminal", "--lang", lang, "--folder", str(tmp_path)])
    assert capsys.readouterr().out.strip().endswith(goodbye)


# -- what is typed -----------------------------------------------------------------------------------------------------


def test_a_password_is_hidden_while_it_is_typed() -> None:
    assert PASSWORD not in visit("1", CAMILLE, PASSWORD)


def test_a_password_is_shown_to_whoever_asks_for_it() -> None:
    assert PASSWORD in visit("1", CAMILLE, PASSWORD, show_passwords=True)


def test_brackets_are_no_markup() -> None:
    assert "[bold]x[/bold]" in visit("2", "[bold]x[/bold]")


def test_control_characters_do_not_reach_the_terminal() -> None:
    assert "\x1b" not in visit("2", "\x1b[2J")


def test_ten_megabytes_are_refused_like_any_other_text() -> None:
    """R35."""
    assert "Attention : Ce texte est trop long" in last_page("2", "9" * 10_000_000)


def test_every_sample_account_is_listed_with_what_opens_it() -> None:
    first = pages(visit())[0]
    assert "999 991 011 00019" in first
    assert "mot de passe Cep#Vendanges19" in first
    assert "bonne réponse 1234,56" in first
    assert "E-mail trop récent" in first
