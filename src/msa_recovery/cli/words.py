"""What only the demonstration says: its own pages and its stage. The words of the journey are in ``texts``."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, final

from attrs import frozen

from msa_recovery.application.caller import Language
from msa_recovery.domain.account import AccountType, Channel
from msa_recovery.domain.events import EventName

__all__ = ["WORDS", "Words"]


@final
@frozen(kw_only=True)
class Words:
    """The demonstration's words in one language; a name in braces is filled in.

    Attributes:
        buttons: the letter that stands for each button.
        types: the account types.
        boxes: where the messages of each channel arrive.
    """

    # The frame.
    colon: str
    welcome: str
    kept: str
    again: str
    goodbye: str
    commands: str
    attention: str
    enter: str
    proceed: str
    your_choice: str
    not_a_choice: str
    help: str
    home: str

    # The host's pages.
    home_title: str
    home_lead: str
    sign_in: str
    forgotten: str
    go_on: str
    agent: str
    agent_title: str
    agent_lead: str
    agent_done: str
    franceconnect_title: str
    franceconnect_lead: str
    stranger: str
    private_title: str
    private_lead: str
    change: str
    sign_out: str
    sign_in_refused: str

    # Fields, and what stands beside them.
    identifier: str
    password: str
    code: str
    answer: str
    temporary_password: str
    current_password: str
    new_password: str
    repeated: str
    strength: str
    new_contact: str
    edit_hint: str
    nothing: str
    edited: str
    sent_to: str
    code_until: str
    tries_one: str
    tries: str
    time_left: str

    # The messages.
    empty: str
    nothing_new: str
    addressed: str
    earlier: str

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


_FRENCH: Final = Words(
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
    proceed="Continuer",
    your_choice="Votre choix",
    not_a_choice="Ce choix n’existe pas. Tapez un des numéros ou une des lettres ci-dessus.",
    help="Besoin d’aide ? {name} : {phone}",
    home="Page d’accueil",
    home_title="Mon espace privé MSA",
    home_lead="Que voulez-vous faire ?",
    sign_in="Se connecter",
    forgotten="J’ai oublié mon mot de passe",
    go_on="Reprendre la demande en cours",
    agent="Je suis agent de la MSA : envoyer un courrier à un assuré",
    agent_title="Agent de la MSA",
    agent_lead="Un mot de passe temporaire sera posté à l’adresse de l’assuré. Vous ne le verrez pas.",
    agent_done="La demande de courrier est enregistrée.",
    franceconnect_title="FranceConnect (simulé)",
    franceconnect_lead="De quelle personne FranceConnect a-t-il vérifié l’identité ?",
    stranger="Une personne que la MSA ne connaît pas",
    private_title="Mon espace privé",
    private_lead="Vous êtes connecté : {name}.",
    change="Mon compte > Email & Mot de passe > modifier mon mot de passe",
    sign_out="Se déconnecter",
    sign_in_refused="Identifiant ou mot de passe incorrect.",
    identifier="Identifiant",
    password="Mot de passe",  # noqa: S106 - a label
    code="Code de confirmation",
    answer="Votre réponse",
    temporary_password="Mot de passe temporaire",  # noqa: S106 - a label
    current_password="Mot de passe actuel",  # noqa: S106 - a label
    new_password="Votre nouveau mot de passe",  # noqa: S106 - a label
    repeated="Confirmer le mot de passe",
    strength="Niveau de sécurité : {strength}",
    new_contact="{kind} (Entrée : ne rien changer, - : supprimer)",
    edit_hint="Pour modifier une ligne, tapez son numéro.",
    nothing="(rien)",
    edited="(modifié)",
    sent_to="Envoyé à : {mask}",
    code_until="Code valable encore {left}.",
    tries_one="Il vous reste {count} essai.",
    tries="Il vous reste {count} essais.",
    time_left="Vous avez encore {left} pour cette étape.",
    empty="rien pour l’instant",
    nothing_new="rien de nouveau ; dernier message : {message}",
    addressed="Pour {to}",
    earlier="reçu avant",
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
    proceed="Continue",
    your_choice="Your choice",
    not_a_choice="There is no such choice. Type one of the numbers or letters above.",
    help="Need help? {name}: {phone}",
    home="Home page",
    home_title="My MSA private space",
    home_lead="What would you like to do?",
    sign_in="Sign in",
    forgotten="I have forgotten my password",
    go_on="Go on with the request under way",
    agent="I am an agent of the MSA: post a letter to a member",
    agent_title="Agent of the MSA",
    agent_lead="A temporary password will be posted to the member’s address. You will not see it.",
    agent_done="The request for a letter has been taken.",
    franceconnect_title="FranceConnect (simulated)",
    franceconnect_lead="Whose identity has FranceConnect verified?",
    stranger="Somebody whom the MSA does not know",
    private_title="My private space",
    private_lead="You are signed in: {name}.",
    change="My account > Email & Password > change my password",
    sign_out="Sign out",
    sign_in_refused="Wrong identifier or password.",
    identifier="Identifier",
    password="Password",  # noqa: S106 - a label
    code="Confirmation code",
    answer="Your answer",
    temporary_password="Temporary password",  # noqa: S106 - a label
    current_password="Current password",  # noqa: S106 - a label
    new_password="Your new password",  # noqa: S106 - a label
    repeated="Confirm the password",
    strength="Strength: {strength}",
    new_contact="{kind} (Enter: change nothing, - : remove)",
    edit_hint="To change a line, type its number.",
    nothing="(none)",
    edited="(changed)",
    sent_to="Sent to: {mask}",
    code_until="The code works for another {left}.",
    tries_one="You have {count} try left.",
    tries="You have {count} tries left.",
    time_left="You have another {left} for this step.",
    empty="nothing yet",
    nothing_new="nothing new; last message: {message}",
    addressed="For {to}",
    earlier="received before",
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
