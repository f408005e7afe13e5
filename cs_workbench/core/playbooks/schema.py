"""The shape of a playbook file as a JSON Schema, for editors and for our own reader.

`playbooks/playbook.schema.json` is this, written out; a test holds the two together. What a schema
cannot say (branches that lead somewhere, fields that somebody asks for) is in `lint`.
"""

from collections.abc import Mapping

from cs_workbench.core.playbooks.model import (
    CONTACT_KINDS,
    DIRECTIONS,
    FIELD_TYPES,
    RECORDED,
    STEP_KINDS,
    STEP_OWNERS,
)
from cs_workbench.core.records import STAGES
from cs_workbench.core.scorecard_schema import Schema
from cs_workbench.core.signals.kinds import KINDS

_TEXT: Schema = {"type": "string", "minLength": 1}
_TEXTS: Schema = {"type": "array", "items": _TEXT, "minItems": 1}
_COUNT: Schema = {"type": "integer", "minimum": 1}
_DAYS: Schema = {**_COUNT, "maximum": 3_650}
_FLAG: Schema = {"type": "boolean"}
_CONDITIONS: Schema = {
    "type": "array",
    "items": _TEXT,
    "minItems": 1,
    "description": "All have to hold: `usage change <= -0.25`, `stage = onboarding | adopting`, "
    "`answer.reached = yes`, `champion is known`.",
}
_VALUES: Schema = {
    "type": "object",
    "properties": {},
    "required": [],
    "additionalProperties": _TEXT,
}


def _object(properties: Mapping[str, Schema], *required: str) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


def _told(schema: Schema, text: str) -> Schema:
    return {**schema, "description": text}


_FIELD = _object(
    {
        "id": _told(_TEXT, "Unique in the playbook; `answer.ID` names it elsewhere."),
        "label": _TEXT,
        "type": {"enum": list(FIELD_TYPES)},
        "choices": _TEXTS,
        "required": _FLAG,
        "prefill": _told(_TEXT, "What answers it: `seats`, `answer.signer`, `contact.champion`."),
        "internal": _told(_FLAG, "Never part of what the customer reads."),
    },
    *("id", "label", "type"),
)
_MESSAGE = _object(
    {
        "to": _told(_TEXT, "The contact role it is for: champion, sponsor, decision maker, user."),
        "kind": _told({"enum": list(CONTACT_KINDS)}, "What it does to the customer."),
        "subject": _TEXT,
        "body": _told(_TEXT, "Text with {{ fields }}, {% if %} and {% for %}."),
    },
    *("to", "kind", "subject", "body"),
)
_BRANCH = _object(
    {"when": _CONDITIONS, "otherwise": _FLAG, "go": _told(_TEXT, "A later step, or `end`.")}, "go"
)
_WAIT = _object(
    {
        "days": _DAYS,
        "when": _CONDITIONS,
        "reply": _FLAG,
        "at_most_days": _told(_DAYS, "Then the play goes on without it."),
    }
)
_STEP = _object(
    {
        "id": _TEXT,
        "title": _TEXT,
        "owner": {"enum": list(STEP_OWNERS)},
        "due": _told(_TEXT, "`today + 2 business days`, `deadline - 30 days`, `end date`."),
        "kind": {"enum": list(STEP_KINDS)},
        "guidance": _told(_TEXT, "Markdown for the person who does it."),
        "when": _CONDITIONS,
        "optional": _FLAG,
        "evidence": _told(_TEXT, "What shows that it was done."),
        "escalate": _object(
            {"after_days": _DAYS, "to": {"enum": list(STEP_OWNERS)}}, "after_days", "to"
        ),
        "then": _told(_TEXT, "The step that follows, where it is not the next one."),
        "fields": {"type": "array", "items": _FIELD, "minItems": 1},
        "message": _MESSAGE,
        "branches": {"type": "array", "items": _BRANCH, "minItems": 1},
        "wait": _WAIT,
        "record": {"enum": list(RECORDED)},
        "values": _told(_VALUES, "What is written, from answers and words."),
    },
    *("id", "title", "owner", "due", "kind"),
)
PLAYBOOK_SCHEMA: Schema = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Playbook of csw",
    **_object(
        {
            "id": _told(_TEXT, "The file's name without .yaml."),
            "title": _TEXT,
            "version": _COUNT,
            "purpose": _told(_TEXT, "One sentence."),
            "audience": _object(
                {
                    "segment": _TEXTS,
                    "stage": {
                        "type": "array",
                        "items": {"enum": list(STAGES)},
                        "minItems": 1,
                    },
                    "product": _TEXTS,
                }
            ),
            "trigger": _object(
                {
                    "manual": _FLAG,
                    "signals": {
                        "type": "array",
                        "items": {"enum": list(KINDS)},
                        "minItems": 1,
                    },
                    "when": _CONDITIONS,
                    "because": _TEXT,
                },
                "because",
            ),
            "exit": _object({"when": _CONDITIONS, "evidence": _TEXT}),
            "outcome": _object(
                {
                    "measure": _told(_TEXT, "`score`, `retained ARR`, or a measure of health."),
                    "change": {"enum": list(DIRECTIONS)},
                    "within_days": _DAYS,
                },
                *("measure", "change", "within_days"),
            ),
            "contacts": {
                "type": "array",
                "items": {"enum": list(CONTACT_KINDS)},
                "minItems": 1,
            },
            "yields_to": _told(
                _TEXTS, "Ids of playbooks beside which it is not suggested: one thing at a time."
            ),
            "hold_out": _told(
                {"type": "number", "minimum": 0, "maximum": 0.5},
                "The share of eligible accounts left alone, to learn what the playbook changes.",
            ),
            "steps": {"type": "array", "items": _STEP, "minItems": 1},
        },
        *("id", "title", "version", "purpose", "trigger", "exit", "outcome", "steps"),
    ),
}
