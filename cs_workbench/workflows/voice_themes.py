"""Themes of comments in several languages: by a list of words, the rest by what they share.

The only place besides the churn model that loads scikit-learn.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from math import sqrt

from cs_workbench.core.text import fold
from cs_workbench.core.themes import (
    REST,
    SAY_NOTHING,
    Comment,
    Theme,
    by_terms,
    is_wide,
    make_theme,
    order_themes,
    read_themes,
)
from cs_workbench.workflows.policies import read_policy

LEAST = 3  # comments of one way of writing below which they are not grouped
MOST_GROUPS = 8
SHOWN_TERMS = 5
SHORTEST = 4  # letters of a word that may name a group
LONGEST = 8  # signs of a run that may
STEPS = 200
READ = 2_000  # characters of a comment: who says more has said by then what it is about


def find_themes(comments: Sequence[Comment], names: Mapping[str, str]) -> list[Theme]:
    """The themes of some comments; `names` are what people called them, by terms or name.

    Groups of one name are one theme, so that a group of each language can be given the same. The
    same comments give the same themes.

    Raises:
        InputError: the list of words cannot be read.
    """
    listed_themes = read_themes(*read_policy("themes"))
    taken, found, rest = by_terms(comments, listed_themes)
    members: dict[str, list[Comment]] = defaultdict(list)
    terms: dict[str, list[str]] = defaultdict(list)
    for listed, own in taken.items():
        name = names.get(listed, listed)
        members[name] += own
        terms[name] += [term for term, _ in found[listed].most_common(SHOWN_TERMS)]
    for group, group_terms in _groups(rest, frozenset(listed_themes.get(SAY_NOTHING, ()))):
        name = _named(group_terms, names) if group_terms else REST
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


def _groups(
    comments: Sequence[Comment], ignored: frozenset[str]
) -> Iterator[tuple[list[Comment], list[str]]]:
    """Comments in groups with what those of several accounts share; each way of writing by itself.

    Who shares nothing with another account comes without terms: what one alone says is no theme.
    """
    for wide in (False, True):
        own = [one for one in comments if is_wide(one.text) is wide]
        if not own:
            continue
        texts = [fold(one.text[:READ]) for one in own]
        parts = [_parts(text, ignored, is_wide=wide) for text in texts]
        places: dict[int, list[int]] = defaultdict(list)
        for place, group in enumerate(_grouped(texts, is_wide=wide)):
            places[group].append(place)
        alone: list[Comment] = []
        for group in sorted(places):
            inside = places[group]
            terms = _terms([(own[place].account_key, parts[place]) for place in inside], parts)
            with_terms = [place for place in inside if not parts[place].isdisjoint(terms)]
            alone += [own[place] for place in inside if parts[place].isdisjoint(terms)]
            if with_terms:
                yield [own[place] for place in with_terms], terms
        if alone:
            yield alone, []


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


def _terms(inside: Sequence[tuple[int, Set[str]]], everything: Sequence[Set[str]]) -> list[str]:
    """What comments of several accounts share, and more of these than of all; given account, parts.

    Of parts that are in the same comments the longest tells most.
    """
    accounts: dict[str, set[int]] = defaultdict(set)
    own: Counter[str] = Counter()
    for account_key, parts in inside:
        own.update(parts)
        for part in parts:
            accounts[part].add(account_key)
    shared = {part for part, whose in accounts.items() if len(whose) > 1}
    all_of = Counter(part for parts in everything for part in parts if part in shared)
    share = len(inside) / len(everything)
    worth = {part: own[part] * (own[part] / all_of[part] - share / 2) for part in shared}
    found: list[str] = []
    for part in sorted(worth, key=lambda one: (-worth[one], -len(one), one)):
        if not any(_overlap(part, longer) for longer in found):
            found.append(part)
    return found[:SHOWN_TERMS]


def _overlap(one: str, other: str) -> bool:
    """Whether two parts are much the same: one holds the other but for a sign at an end."""
    short, long = sorted((one, other), key=len)
    return short in long or short[1:] in long or short[:-1] in long


def _parts(text: str, ignored: Set[str], *, is_wide: bool) -> frozenset[str]:
    """The words that may name a group; where there are no spaces, runs of signs."""
    if not is_wide:
        words = ("".join(sign for sign in word if sign.isalnum()) for word in text.split())
        return frozenset(word for word in words if len(word) >= SHORTEST and word not in ignored)
    found = set()
    for run in "".join(sign if sign.isalpha() else " " for sign in text).split():
        for size in range(2, LONGEST + 1):
            found |= {run[at : at + size] for at in range(len(run) - size + 1)}
    return frozenset(one for one in found if not _is_grammar(one, ignored))


def _is_grammar(run: str, ignored: Set[str]) -> bool:
    """Whether a run begins or ends within Japanese endings and particles, or says nothing."""
    return run in ignored or any("\u3041" <= sign <= "\u309f" for sign in (run[0], run[-1]))
