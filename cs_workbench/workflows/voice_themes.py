"""Themes of comments in several languages: by a list of words, the rest by what they share.

The only place besides the churn model that loads scikit-learn.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from math import sqrt

from cs_workbench.core.text import fold
from cs_workbench.core.themes import (
    REST,
    Comment,
    Theme,
    by_terms,
    is_wide,
    make_theme,
    order_themes,
    read_themes,
)
from cs_workbench.workflows.policies import read_policy

LEAST = 6  # comments of one way of writing below which they are not grouped
MOST_GROUPS = 8
SHOWN_TERMS = 5
STEPS = 200
READ = 2_000  # characters of a comment: who says more has said by then what it is about


def find_themes(comments: Sequence[Comment], names: Mapping[str, str]) -> list[Theme]:
    """The themes of some comments; `names` are what people called them, by terms or name.

    Groups of one name are one theme, so that a group of each language can be given the same. The
    same comments give the same themes.

    Raises:
        InputError: the list of words cannot be read.
    """
    taken, found, rest = by_terms(comments, read_themes(*read_policy("themes")))
    members: dict[str, list[Comment]] = defaultdict(list)
    terms: dict[str, list[str]] = defaultdict(list)
    for listed, own in taken.items():
        name = names.get(listed, listed)
        members[name] += own
        terms[name] += [term for term, _ in found[listed].most_common(SHOWN_TERMS)]
    for group, group_terms in _groups(rest):
        name = _named(group_terms, names)
        if len(group) == 1 and name not in names.values():
            name = REST  # what one alone said is no theme
        members[name] += group
        terms[name] += [term for term in group_terms if term not in terms[name]]
    return order_themes([make_theme(name, terms[name], own) for name, own in members.items()])


def _named(terms: Sequence[str], names: Mapping[str, str]) -> str:
    """The name of the group that shares at least half of the terms, else the terms."""
    own = set(terms)
    for known, name in names.items():
        before = set(known.split(", "))
        if 2 * len(own & before) >= max(1, min(len(own), len(before))):
            return name
    return ", ".join(terms)


def _groups(comments: Sequence[Comment]) -> list[tuple[list[Comment], list[str]]]:
    """Comments in groups with their terms; each way of writing by itself."""
    found: list[tuple[list[Comment], list[str]]] = []
    for wide in (False, True):
        own = [one for one in comments if is_wide(one.text) is wide]
        if not own:
            continue
        texts = [fold(one.text[:READ]) for one in own]
        places: dict[int, list[int]] = defaultdict(list)
        for place, group in enumerate(_grouped(texts, is_wide=wide)):
            places[group].append(place)
        for group in sorted(places):
            inside = places[group]
            terms = _terms([texts[place] for place in inside], texts, is_wide=wide)
            found.append(([own[place] for place in inside], terms))
    return found


def _grouped(texts: Sequence[str], *, is_wide: bool) -> list[int]:
    """The group of each text, by character n-grams and non-negative factors; few are one group."""
    if len(set(texts)) < LEAST:
        return [0] * len(texts)
    from sklearn.decomposition import NMF
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectors = TfidfVectorizer(
        analyzer="char" if is_wide else "char_wb",
        ngram_range=(1, 3) if is_wide else (3, 5),
        sublinear_tf=True,
    ).fit_transform(texts)
    count = max(2, min(MOST_GROUPS, round(sqrt(len(set(texts)) / 2))))
    # So many steps, whatever the gain of the last: with a tolerance it would warn on the terminal.
    steps = {"max_iter": STEPS, "tol": 0}
    factors = NMF(n_components=count, random_state=0, init="nndsvda", **steps)
    weights = factors.fit_transform(vectors)
    return [int(place) for place in weights.argmax(axis=1)]


def _terms(inside: Sequence[str], everything: Sequence[str], *, is_wide: bool) -> list[str]:
    """What more of these texts have than of all: words, or pairs of signs without spaces."""
    own = Counter(part for text in inside for part in set(_parts(text, is_wide=is_wide)))
    all_of = Counter(part for text in everything for part in set(_parts(text, is_wide=is_wide)))
    share = len(inside) / len(everything)
    worth = {
        part: count * (count / all_of[part] - share / 2)
        for part, count in own.items()
        if len(part) > (1 if is_wide else 3)
    }
    return sorted(worth, key=lambda part: (-worth[part], part))[:SHOWN_TERMS]


def _parts(text: str, *, is_wide: bool) -> list[str]:
    if is_wide:
        return [text[at : at + 2] for at in range(len(text) - 1) if text[at : at + 2].isalpha()]
    return ["".join(sign for sign in word if sign.isalnum()) for word in text.split()]
