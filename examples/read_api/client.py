"""Asks the API, and checks each answer against its type: money arrives as `Decimal`, instants with their zone."""

from __future__ import annotations

from typing import TypeVar

import urllib3
from pydantic import BaseModel

from examples.read_api.answers import Problem

Answer = TypeVar("Answer", bound=BaseModel)


class Refused(Exception):
    """The API answered with a problem, kept as `problem`."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"{problem.status} {problem.title}: {problem.detail}")
        self.problem = problem


class Warehouse:
    """The API.

    Args:
        url: where it is, e.g. `http://127.0.0.1:8004`.
        token: a JWT with a role.
    """

    def __init__(self, url: str, token: str) -> None:
        self._url = url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {token}"}
        self._http = urllib3.PoolManager()

    def get(self, answer: type[Answer], path: str, **parameters: object) -> Answer:
        """Ask a path; `answer` is the type in `answers` that has its name.

        Raises:
            Refused: the API answers with a problem.
            pydantic.ValidationError: the answer is not of this type.
        """
        fields = {name: str(value) for name, value in parameters.items()}
        response = self._http.request("GET", f"{self._url}{path}", fields=fields, headers=self._headers)
        if response.status != 200:
            raise Refused(Problem.model_validate_json(response.data))
        return answer.model_validate_json(response.data)
