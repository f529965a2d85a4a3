"""What every host on the web must do with a person, by its forms alone."""

from typing import final

from tests.examples.person import CAMILLE, CAMILLES, NADEGE, NADEGES, NEW, Person, Phone

__all__ = ["Walks"]


@final
class Walks:
    """A person's ways through one host.

    Args:
        address: where it answers.
        phone: what it sends.
        home: the path of its sign-in form.
        begin: the form of *J'ai oublié mon mot de passe*.
        inside: what is read in the private space.
    """

    def __init__(
        self, address: str, phone: Phone, *, home: str = "/", begin: str = "forgotten", inside: str = "Mon espace privé"
    ) -> None:
        self.address = address
        self.phone = phone
        self._home = home
        self._begin = begin
        self._inside = inside

    def visitor(self) -> Person:
        """Somebody in a browser of his own, before the sign-in form."""
        return Person(self.address, self._home)

    def is_in(self, person: Person) -> bool:
        """Whether the host lets this browser into the private space."""
        return self._inside in person.heading

    def signs_in(self, identifier: str, password: str) -> Person:
        """Somebody fills in the sign-in form."""
        person = self.visitor()
        person.send("sign-in", identifier=identifier, password=password)
        return person

    def usual(self) -> None:
        """A usual sign-in, and what a wrong password is told."""
        person = self.signs_in(CAMILLE, CAMILLES)
        assert self.is_in(person), person.page.words
        stranger = self.signs_in(CAMILLE, "Cep#Vendanges18")
        assert not self.is_in(stranger)
        assert "Se connecter" == stranger.heading

    def pending(self) -> None:
        """A usual sign-in that meets a pending journey: contact details come first, and then never again."""
        person = self.signs_in(NADEGE, NADEGES)
        assert not self.is_in(person)
        assert "Confirmation de vos coordonnées" in person.heading
        person.send("confirm_contacts")
        self._enters(person)
        assert self.is_in(self.signs_in(NADEGE, NADEGES))

    def recovery(self) -> None:
        """A whole recovery. The temporary password is typed into the sign-in form of another browser; at the end every
        session of before is over, and the new password is the usual one."""
        before = self.signs_in(CAMILLE, CAMILLES)
        assert self.is_in(before)
        person = self.visitor()
        person.send(self._begin)
        person.send("identify", identifier="2 84 03 33 900 001 48")
        assert "La clé" in person.page.words, "a mistake is told"
        person.send("identify", identifier=CAMILLE)
        person.send("choose_channel", channel="email")
        person.send("submit_code", code=self.phone.code())
        elsewhere = self.signs_in(CAMILLE, self.phone.password())
        assert "personnaliser" in elsewhere.page.words, elsewhere.page.words
        elsewhere.send("choose_password", password="soleil", repeated="soleil")
        assert "caractères" in elsewhere.page.words
        elsewhere.send("choose_password", password=NEW, repeated=NEW)
        elsewhere.send("confirm_contacts")
        self._enters(elsewhere)
        before.open(self._home)
        assert not self.is_in(before), "its session is over (R22)"
        assert self.is_in(self.signs_in(CAMILLE, NEW))
        assert not self.is_in(self.signs_in(CAMILLE, CAMILLES))

    def _enters(self, person: Person) -> None:
        if "enter" in person.page.forms:
            person.send("enter")
        assert self.is_in(person), person.page.words
