"""Passwords that the strength meters are tried with: what the French choose, and what nobody could guess.

`docs/strength.md` shows each of them with its verdicts.
"""

from typing import Final

__all__ = ["ENGLISH_PAIRS", "FRENCH_PAIRS", "STRONG_ONES", "WEAK_ONES"]

WEAK_ONES: Final = {
    "walks over an AZERTY keyboard": (
        "azertyuiopqsdfghjklm",
        "qsdfghjklmù",
        "<wxcvbn,;:!",
        "&é\"'(-è_çà)=",
        ')àç_è-("é&',
        "1a2z3e4r5t6y",
        "a1z2e3r4t5y6",
        "azeqsdwxc123",
    ),
    "common passwords": (
        "motdepasse2024",
        "MonMotDePasse",
        "jetaimemaman",
        "doudouchouchou",
        "coccinelle33",
        "mutualitesocialeagricole",
    ),
    "words": (
        "agriculteur",
        "moissonneuse",
        "grenouille7",
        "boulangerie12",
        "Agricultrice",
        "anticonstitutionnellement",
    ),
    "two words": (
        "tracteurbleu",
        "moutonrouge",
        "chevalblanc",
        "Tracteur-Bleu",
        "jardinfleuri",
        "lapinblanc",
    ),
    "first names, and a year": (
        "Gwenaëlle1978",
        "Maïté1962",
        "jeanpierre64",
        "Jean-Claude1950",
        "Thérèse1948",
        "maitena1984",
    ),
    "surnames": ("etcheverry64", "Darrieussecq40", "Cazeneuve2024", "Capdevielle1970", "lafittedupouy"),
    "months, and a year": ("septembre2024", "Février1984", "Décembre25", "juillet-2023", "novembre2025!"),
    "departments and towns": (
        "pyreneesatlantiques",
        "Pyrénées-Atlantiques",
        "lot-et-garonne47",
        "montdemarsan40",
        "Loire-Atlantique44",
        "Guadeloupe971",
    ),
    "football clubs": (
        "allezlesverts",
        "girondins33",
        "girondinsdebordeaux",
        "OlympiquedeMarseille",
        "paris-saint-germain",
    ),
    "elisions": ("l'été2024", "j'aimelesvaches", "aujourd’hui", "qu'importe"),
    "signs for letters": ("ch0u(h0uM4m4n", "s0l31l2024", "Gr3n0uill3"),
}
"""Sixty that a French attacker tries early. None may be strong."""

STRONG_ONES: Final = {
    "four words and more, drawn at random": (
        "embarrassé_effacer_hôtel_sophia",
        "égratignuregrouillepubliquesaurions",
        "quitter joey continuerai employer parfait",
        "gâche-contacts-ministres-yuri",
        "fabriquer-utiliser-falaise-reculé",
        "ordures bennett cavale oscar mène",
        "agneau addition virus poison engagés",
        "médicaux-activités-poursuivre-quant",
        "conte-fourmis-sentier-perturbé",
        "rajoute_vincent_mindy_marquis",
        "conversation.émissaire.angeles.ville",
        "irrésistible_appli_enfermée_estomac",
        "tournureexploitercadeauxquartiers",
        "repartir-noir-archer-tapis",
        "queues.transfert.bandits.choix",
        "habituellement déranger reparle abord",
        "dirigent.inculper.impôts.précédente",
        "asie bras tumeur trahie",
        "disciple mari massive record",
        "dormiraishawnarmeinquiétant",
    ),
    "characters drawn at random": (
        "hIvJwnKhiMTheAf6s",
        "JNFQflRcGr3MRvK",
        "mpmtkfbbacsqhvg",
        "sfkhselsrykofi",
        "crcgbqtdsilono",
        "mxfmgifumbvlepdoskh",
        "BJqJgwC1ITi1p652I",
        "G+9GAb!GsniK",
        "G#NS-petwKZfgTNa6",
        "lcxqbmzhkiuqmtrm",
        "1FhbPWbDhXb8ZU!F",
        "wujjrsdkevrp",
        "LuJgYxH1YKdhiujfY9x",
        "KyfNHXQpWCCOq",
        "iafFQILld3BGe",
        "ufytrtceiupduw",
        "k7#Vq!m2Zr&w9Lx@",
        "hR4%tY8=pW3*cN6+",
        "Xk9#mQ2vLp!r7&Zd",
        "éà7ç!ùx-Bq2ôZ",
    ),
    "words and more": (
        "Brouette-7-bleue-sous-la-pluie",
        "3 canards verts dansent à Dax !",
        "le tracteur de Zoé boit du thé",
        "Ma vache lit 12 romans par nuit",
        "Quatre-vingts nuages sans parapluie",
        "cidre+grêle+violon+84x",
        "moisson/9/lune/cratère",
        "pin qui penche, mer qui monte",
        "Vélo77 contre Hérisson4",
        "XIV poireaux & un accordéon",
        "tonnerre-kiwi-8B-zinc",
        "soupe.au.granit.bleu.42",
        "foin9Kx!tambour",
        "azerty-Kq7w-brume-Lz",
        "gel#trèfle#Qx#dimanche",
        "bzzt-ruche-vorpal-19q",
        "nuage;7Rf;betterave;kp",
        "un âne, deux ponts, zéro loup",
        "sillonXw4%pluviôse",
        "Le blé pousse mal sur Saturne",
    ),
}
"""Sixty that are hard to guess for anybody. Each must be strong."""

FRENCH_PAIRS: Final = (
    *("tracteurbleu", "vacherousse", "brouettejaune", "grenouilleverte", "coccinellerouge", "chaussurebleue"),
    *("parapluiegris", "boulangerdimanche", "champignonblanc", "jardinvert", "moutonnoir", "chevalblanc"),
    *("fromageblanc", "montagneverte", "citronjaune", "cuisinejaune"),
)
ENGLISH_PAIRS: Final = (
    *("tractorblue", "cowbrown", "wheelbarrowyellow", "froggreen", "ladybugred", "shoeblue"),
    *("umbrellagrey", "bakersunday", "mushroomwhite", "gardengreen", "sheepblack", "horsewhite"),
    *("cheesewhite", "mountaingreen", "lemonyellow", "kitchenyellow"),
)
"""Two words that are learnt early, and the same two in English."""
