"""What only the demonstration says: its stage. The words of the journey and of a host's pages are in ``texts``."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, final

from attrs import frozen

from msa_recovery.application.caller import Language
from msa_recovery.domain.account import AccountType, Channel
from msa_recovery.domain.events import EventName
from msa_recovery.texts import page_text

__all__ = ["WORDS", "Words"]


@final
@frozen(kw_only=True)
class Words:
    """The demonstration's words in one language; a name in braces is filled in.

    Attributes:
        language: which.
        buttons: the letter that stands for each button.
        types: the account types.
        boxes: where the messages of each channel arrive.
    """

    language: Language

    # The frame.
    colon: str
    welcome: str
    kept: str
    again: str
    goodbye: str
    commands: str
    attention: str
    enter: str
    your_choice: str
    not_a_choice: str

    # The host's pages.
    home_lead: str
    agent: str
    agent_title: str
    agent_lead: str
    agent_done: str
    franceconnect_title: str
    franceconnect_lead: str
    stranger: str

    # Fields, and what stands beside them.
    new_contact: str
    edit_hint: str

    # The messages.
    empty: str
    nothing_new: str
    addressed: str
    earlier: str

    # The table beside the pages.
    table: str
    look_again: str
    later: Mapping[str, str]
    served: str

    # The sample accounts.
    cast_title: str
    cast_identifier: str
    cast_shows: str
    cast_hint: str
    usual_password: str
    right_answer: str
    never_signed_in: str
    no_contact: str
    too_recent: str
    to_confirm: str

    buttons: Mapping[EventName, str]
    types: Mapping[AccountType, str]
    boxes: Mapping[Channel, str]

    def page(self, name: str, /, *, number: int | None = None, **values: object) -> str:
        """What every host's pages say, the demonstration's too."""
        return page_text(name, self.language, number=number, **values)


_FRENCH: Final = Words(
    language=Language.FR,
    colon=" : ",
    welcome=(
        "Démonstration de « Mot de passe oublié ». Les personnes sont inventées et rien n’est envoyé. Tapez ce qui est "
        "demandé, ou le signe qui précède un bouton, puis Entrée."
    ),
    kept="Tout est gardé dans le dossier {folder} : si vous partez, vous reprendrez là où vous étiez.",
    again="Vous reprenez là où vous étiez. Pour tout recommencer, quittez (q) et supprimez ce dossier.",
    goodbye="Fin de la démonstration. Au revoir.",
    commands=(
        "Démonstration : + 31m avance l’horloge (m minutes, h heures, j jours), ? montre les comptes d’essai, q quitte."
    ),
    attention="Attention : {problem}",
    enter="Entrée",
    your_choice="Votre choix",
    not_a_choice="Ce choix n’existe pas. Tapez un des numéros ou une des lettres ci-dessus.",
    home_lead="Que voulez-vous faire ?",
    agent="Je suis agent de la MSA : envoyer un courrier à un assuré",
    agent_title="Agent de la MSA",
    agent_lead="Un mot de passe temporaire sera posté à l’adresse de l’assuré. Vous ne le verrez pas.",
    agent_done="La demande de courrier est enregistrée.",
    franceconnect_title="FranceConnect (simulé)",
    franceconnect_lead="De quelle personne FranceConnect a-t-il vérifié l’identité ?",
    stranger="Une personne que la MSA ne connaît pas",
    new_contact="{kind} (Entrée : ne rien changer, - : supprimer)",
    edit_hint="Pour modifier une ligne, tapez son numéro.",
    empty="rien pour l’instant",
    nothing_new="rien de nouveau ; dernier message : {message}",
    addressed="Pour {to}",
    earlier="reçu avant",
    table="Démonstration : téléphone, boîtes et comptes d’essai",
    look_again="Regarder de nouveau",
    later=MappingProxyType({"1m": "1 min", "31m": "31 min", "1d": "1 jour", "3d": "3 jours"}),
    served="La démonstration vous attend à l’adresse {address} (Ctrl-C pour finir).",
    cast_title="Comptes d’essai",
    cast_identifier="Identifiant",
    cast_shows="Ce qu’il montre",
    cast_hint="Un autre identifiant, bien formé, n’est à personne : la demande avance, et rien n’arrive.",
    usual_password="mot de passe {password}",  # noqa: S106 - a label
    right_answer="bonne réponse {answer}",
    never_signed_in="jamais connecté",
    no_contact="aucun contact : courrier",
    too_recent="{channel} trop récent",
    to_confirm="coordonnées à confirmer",
    buttons=MappingProxyType(
        {
            EventName.USE_FRANCECONNECT: "f",
            EventName.RESEND_CODE: "n",
            EventName.CONFIRM_CONTACTS: "c",
            EventName.GO_BACK: "p",
            EventName.ABANDON: "a",
        }
    ),
    types=MappingProxyType(
        {
            AccountType.INDIVIDUAL: "Particulier",
            AccountType.FARMER: "Exploitant",
            AccountType.COMPANY: "Entreprise",
            AccountType.GARDENER_EMPLOYER: "Employeur de jardinier",
        }
    ),
    boxes=MappingProxyType(
        {Channel.SMS: "Téléphone", Channel.EMAIL: "Boîte e-mail", Channel.LETTER: "Boîte aux lettres"}
    ),
)

_ENGLISH: Final = Words(
    language=Language.EN,
    colon=": ",
    welcome=(
        "Demonstration of “Forgotten password”. The people are made up and nothing is sent. Type what is asked for, or "
        "the sign before a button, then press Enter."
    ),
    kept="Everything is kept in the folder {folder}: if you leave, you will go on where you were.",
    again="You go on where you were. To start all over, leave (q) and delete that folder.",
    goodbye="End of the demonstration. Goodbye.",
    commands=(
        "Demonstration: + 31m moves the clock on (m minutes, h hours, d days), ? lists the accounts to try, q quits."
    ),
    attention="Please note: {problem}",
    enter="Enter",
    your_choice="Your choice",
    not_a_choice="There is no such choice. Type one of the numbers or letters above.",
    home_lead="What would you like to do?",
    agent="I am an agent of the MSA: post a letter to a member",
    agent_title="Agent of the MSA",
    agent_lead="A temporary password will be posted to the member’s address. You will not see it.",
    agent_done="The request for a letter has been taken.",
    franceconnect_title="FranceConnect (simulated)",
    franceconnect_lead="Whose identity has FranceConnect verified?",
    stranger="Somebody whom the MSA does not know",
    new_contact="{kind} (Enter: change nothing, - : remove)",
    edit_hint="To change a line, type its number.",
    empty="nothing yet",
    nothing_new="nothing new; last message: {message}",
    addressed="For {to}",
    earlier="received before",
    table="Demonstration: phone, boxes and accounts to try",
    look_again="Look again",
    later=MappingProxyType({"1m": "1 min", "31m": "31 min", "1d": "1 day", "3d": "3 days"}),
    served="The demonstration waits for you at {address} (Ctrl-C ends it).",
    cast_title="Accounts to try",
    cast_identifier="Identifier",
    cast_shows="What it shows",
    cast_hint="Any other well-formed identifier is nobody’s: the request goes on, and nothing arrives.",
    usual_password="password {password}",  # noqa: S106 - a label
    right_answer="right answer {answer}",
    never_signed_in="never signed in",
    no_contact="no contact: letter",
    too_recent="{channel} too recent",
    to_confirm="contact details to confirm",
    buttons=MappingProxyType(
        {
            EventName.USE_FRANCECONNECT: "f",
            EventName.RESEND_CODE: "n",
            EventName.CONFIRM_CONTACTS: "c",
            EventName.GO_BACK: "b",
            EventName.ABANDON: "a",
        }
    ),
    types=MappingProxyType(
        {
            AccountType.INDIVIDUAL: "Individual",
            AccountType.FARMER: "Farmer",
            AccountType.COMPANY: "Company",
            AccountType.GARDENER_EMPLOYER: "Employer of a gardener",
        }
    ),
    boxes=MappingProxyType({Channel.SMS: "Phone", Channel.EMAIL: "Mailbox", Channel.LETTER: "Letter-box"}),
)

WORDS: Final[Mapping[Language, Words]] = MappingProxyType({Language.FR: _FRENCH, Language.EN: _ENGLISH})
"""The demonstration's words by language."""
