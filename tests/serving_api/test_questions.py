"""The page of common questions: every call is answered, with the members that the page names."""

from __future__ import annotations

import json
import re
from typing import Any

import httpx
import pytest

from serving_api.auth import Role
from tests.serving_api.conftest import bearer
from warehouse.settings import project_root

PAGE = (project_root() / "docs" / "questions.md").read_text("utf-8")
_QUESTION = re.compile(
    r"^### (.+?)\n\n```http (\w+)\n(GET|POST) (\S+)\n(.*?)```\n\n(.+?)(?=\n#|\Z)", re.MULTILINE | re.DOTALL
)
QUESTIONS = _QUESTION.findall(PAGE)


def names(value: Any) -> set[str]:
    """The members of an answer, however deep."""
    if isinstance(value, list):
        return set().union(*map(names, value))
    return set(value).union(*map(names, value.values())) if isinstance(value, dict) else set()


def test_every_question_has_a_call() -> None:
    assert len(QUESTIONS) == PAGE.count("\n### ") > 10


@pytest.mark.parametrize("question", QUESTIONS, ids=[question[0] for question in QUESTIONS])
def test_the_call_is_answered_with_what_the_page_names(url: str, question: tuple[str, ...]) -> None:
    _, role, method, path, body, meaning = question
    headers = bearer(Role(role), "free-1")
    answer = httpx.request(method, url + path, headers=headers, json=json.loads(body) if body else None, timeout=30)
    assert answer.status_code == 200, answer.text
    named = re.findall(r"`(\w+)`", re.split(r"[.:](?:\s|$)", meaning)[0])
    assert named, "the page names what to look at"
    missing = set(named) - names(answer.json())
    assert missing == set(), sorted(names(answer.json()))
