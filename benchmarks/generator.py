"""Content that nobody wrote: any number of bilingual briefs on neighbouring subjects, from a seed.

The briefs are about chips, finance, energy, vehicles and data centres, in the words of the shipped
brief and with names that resemble its own, so that they get in its way in a search. They are valid
content (`build.py check`); their sources do not exist, and say so under `unverified`. The same
number and seed give the same files.

    python benchmarks/generator.py FOLDER --briefs 200 --seed 1

adds them to a content folder: entities are appended to the files that are there.
"""
# ruff: noqa: S311 (nothing here is secret)

import argparse
import random
from pathlib import Path
from typing import Any

import yaml

Data = dict[str, Any]

WORDS = yaml.load(
    Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader
)
"""What the briefs are made of: names and sentences in both languages, see `generator.yaml`."""

SECTIONS = ("narrative", "factors", "challenges", "comparison")
EVERY = 24
"""Claims of a brief, unless another number is asked for; the shipped one has 70."""


def generate(briefs: int, seed: int, claims: int = EVERY) -> dict[str, Data]:
    """Content files by their paths below the content folder."""
    world = _World(random.Random(seed), briefs)
    files: dict[str, Data] = {}
    for number in range(briefs):
        files |= world.brief(number, claims)
    return {f"entities/{kind}.yaml": world.entities[kind] for kind in world.entities} | files


def write(folder: Path, briefs: int, seed: int, claims: int = EVERY) -> None:
    """Add generated content to a content folder, which may be empty."""
    for name, data in generate(briefs, seed, claims).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8", newline="\n") as file:
            yaml.dump(data, file, _Dumper, allow_unicode=True, sort_keys=False, width=100)


class _Dumper(yaml.CSafeDumper):
    def ignore_aliases(self, data: object) -> bool:  # content has no anchors
        return True


class _World:
    """The entities that all briefs share, and what is drawn from them."""

    def __init__(self, chance: random.Random, briefs: int) -> None:
        self.chance = chance
        few = max(4, briefs * 3 // 5)
        companies = self._combined("companies", few)
        self.entities: dict[str, Data] = {
            "companies": {
                id: {
                    "name": name,
                    "aliases": [f"{name['en'].split()[0]} Group", f"{name['zh']}集团"],
                    "summary": self._said("of_company"),
                    "founded": str(chance.randint(1995, 2020)),
                }
                for id, name in companies.items()
            },
            "organisations": {
                id: {"name": name, "summary": self._said("of_paper")}
                for id, name in self._combined("papers", 12).items()
            },
            "people": {
                id: {"name": name, "original": "zh", "summary": self._said("of_person")}
                for id, name in self._combined("people", few).items()
            },
            "products": {
                id: {
                    "name": name,
                    "summary": self._said("of_product"),
                    "maker": chance.choice(list(companies)),
                }
                for id, name in self._products(few).items()
            },
        }
        for kind in ("terms", "topics"):
            self.entities[kind] = {
                _id(kind, word["en"]): {
                    "name": dict(word),
                    "summary": self._said(f"of_{kind[:-1]}", it=word),
                }
                for word in WORDS[kind]
            }

    def _combined(self, kind: str, count: int) -> dict[str, Data]:
        """Names of a first and a second part, each once, by their ids."""
        first, second = WORDS[kind]["first"], WORDS[kind]["second"]
        pairs = [(one, other) for one in first for other in second]
        chosen = self.chance.sample(pairs, min(count, len(pairs)))
        names = [{"en": f"{a['en']} {b['en']}", "zh": a["zh"] + b["zh"]} for a, b in chosen]
        return {_id(kind, name["en"]): name for name in names}

    def _products(self, count: int) -> dict[str, Data]:
        series = [
            (name, f"{letter}{number}")
            for name in WORDS["products"]
            for letter in ("", "A", "P", "X")
            for number in range(100, 1000, 50)
        ]
        found = {}
        for name, model in self.chance.sample(series, min(count, len(series))):
            it = {"en": f"{name['en']} {model}", "zh": name["zh"] + model}
            found[_id("products", it["en"])] = it
        return found

    def _said(self, kind: str, **slots: Data) -> Data:
        return _filled(self.chance.choice(WORDS["sentences"][kind]), slots)

    def brief(self, number: int, claims: int) -> dict[str, Data]:
        """The files of one brief and of its source."""
        chance = self.chance
        id, field = f"study-{number + 1}", chance.choice(list(WORDS["fields"]))
        about = WORDS["fields"][field]
        day = f"20{chance.randint(20, 25)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
        paper = chance.choice(list(self.entities["organisations"]))
        subjects = chance.sample(list(self.entities["companies"]), 3)
        people = chance.sample(list(self.entities["people"]), 2)
        topics = [_id("topics", name) for name in chance.sample(about["topics"], 2)]
        made: list[tuple[str, Data]] = []
        for place in range(claims):
            sentence = about["claims"][place % len(about["claims"])]
            if place >= len(about["claims"]):
                sentence = chance.choice(WORDS["claims"])
            claim = self._claim(sentence, subjects, people, topics, day)
            if place == 1:
                claim["rests_on"] = [f"claim-{place}"]
            made.append((f"claim-{place + 1}", claim))
        chance.shuffle(made)
        share = -(-len(made) // len(SECTIONS))
        files: dict[str, Data] = {}
        for place, kind in enumerate(SECTIONS):
            part = made[place * share : (place + 1) * share]
            if part:
                files[f"briefs/{id}/{kind}.yaml"] = self._section(kind, part, subjects)
        title = _filled(chance.choice(about["titles"]), {"c": self._name(subjects[0])})
        brief = {
            "language": chance.choice(["en", "zh"]),
            "title": title,
            "summary": _filled(chance.choice(about["summaries"]), {"c": self._name(subjects[0])}),
            "sources": [f"source-{number + 1}"],
            "topics": topics,
            "editors": [{"en": "Generated", "zh": "自动生成"}],
            "published": day,
            "takeaways": [
                {"text": dict(claim["text"]), "claims": [name]} for name, claim in made[:4]
            ],
            "sections": [path.rpartition("/")[2].removesuffix(".yaml") for path in files],
        }
        files[f"briefs/{id}/brief.yaml"] = brief
        files[f"sources/source-{number + 1}.yaml"] = {
            "kind": "news",
            "title": dict(title),
            "language": "zh",
            "publisher": paper,
            "published": day,
            "rights": {"en": "There is no such article.", "zh": "并无此文。"},
            "unverified": {
                "en": "The article was made up, for benchmarks.",
                "zh": "文章系为测试而编造。",
            },
            "paragraphs": [f"第{place + 1}段" for place in range(12)],
        }
        return files

    def _name(self, id: str) -> Data:
        for kind in self.entities.values():
            if id in kind:
                name: Data = kind[id]["name"]
                return name
        raise KeyError(id)

    def _claim(
        self, sentence: Data, subjects: list[str], people: list[str], topics: list[str], day: str
    ) -> Data:
        """A claim made of a sentence with its quotation."""
        chance = self.chance
        company, other = chance.sample(subjects, 2)
        product = chance.choice(list(self.entities["products"]))
        term = chance.choice(list(self.entities["terms"]))
        slots = {
            "c": self._name(company),
            "d": self._name(other),
            "p": self._name(product),
            "t": {key: _in_sentence(word) for key, word in self._name(term).items()},
            "n": dict.fromkeys(("en", "zh"), f"{chance.randint(11, 940) / 10}"),
            "m": dict.fromkeys(("en", "zh"), str(chance.randint(21, 980))),
        }
        evidence: Data = {
            "paragraph": chance.randint(1, 12),
            "quote": sentence["quote"]["zh"].format(**{key: it["zh"] for key, it in slots.items()}),
            "translation": {"en": _filled(sentence["quote"], slots)["en"]},
        }
        claim: Data = {"text": _filled(sentence, slots), "status": "account"}
        if sentence.get("says"):
            speaker = chance.choice(people)
            claim |= {"status": "stated", "speaker": speaker}
            evidence["attribution"] = self._name(speaker)["zh"]
        named = {"c": company, "d": other, "p": product, "t": term}
        about = [id for key, id in named.items() if f"{{{key}}}" in sentence["en"]]
        return claim | {"about": [*about, topics[0]], "as_of": day[:7], "evidence": [evidence]}

    def _section(self, kind: str, part: list[tuple[str, Data]], subjects: list[str]) -> Data:
        """A section of its kind around the claims."""
        ids = [id for id, _ in part]
        section: Data = {"kind": kind, "title": self._said(f"title_{kind}"), "claims": dict(part)}
        halves = [ids[: len(ids) // 2], ids[len(ids) // 2 :]]
        if kind == "narrative":
            section["paragraphs"] = [
                {"text": self._said("paragraph"), "claims": half} for half in halves if half
            ]
        elif kind == "factors":
            section["factors"] = {
                f"factor-{place}": {"title": self._said("factor"), "claims": half}
                for place, half in enumerate(halves)
                if half
            }
        elif kind == "challenges":
            section["challenges"] = {
                "challenge": {"title": self._said("challenge"), "claims": ids[:1]}
            }
            if ids[1:]:
                section["challenges"]["challenge"]["remedies"] = {
                    "remedy": {"title": self._said("remedy"), "claims": ids[1:]}
                }
        else:
            cells = {"text": self._said("cell"), "claims": ids}
            section |= {
                "subjects": subjects,
                "criteria": {"plans": self._said("criterion")},
                "cells": {id: {"plans": dict(cells)} for id in subjects},
            }
        return section


def _filled(sentence: Data, slots: Data) -> Data:
    """The sentence in each language, with its slots filled."""
    return {
        language: sentence[language].format(**{key: it[language] for key, it in slots.items()})
        for language in ("en", "zh")
    }


def _in_sentence(word: str) -> str:
    """A term as it stands within a sentence; abbreviations keep their capitals."""
    return word if word[:2].isupper() else word[:1].lower() + word[1:]


def _id(kind: str, name: str) -> str:
    """An id that no other kind and no real content has."""
    plain = "".join(sign if sign.isalnum() else "-" for sign in name.lower())
    return f"{kind[:2]}x-" + "-".join(filter(None, plain.split("-")))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, help="a content folder")
    parser.add_argument("--briefs", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--claims", type=int, default=EVERY, help="claims of each brief")
    chosen = parser.parse_args()
    write(chosen.folder, chosen.briefs, chosen.seed, chosen.claims)


if __name__ == "__main__":
    main()
