"""``lab = kit.open_lab()``: clients, deployment, persistence and inspection in one hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kit.content import find_unit
from kit.data.machines import read_rates
from kit.data.prices import read_prices
from kit.home import LearnerHome
from kit.lab import clients, process
from kit.lab.deploy import apply, refuse_errors
from kit.lab.keeper import call
from kit.lab.kept import Kept, Stack
from kit.lab.resources import Resource, list_resources
from kit.lab.scenario import find_scenario
from kit.lab.state import State, places, read_denied


class Lab:
    """One home's cloud on this machine. A killed one is started again by the next call."""

    def __init__(self, home: LearnerHome) -> None:
        self._home, self._where = home, places(home)
        self.started = process.start(home)

    def _state(self) -> State:
        self.started = process.start(self._home)
        return self.started.state

    def session(self) -> Any:
        """A ``boto3.Session`` that reaches this lab alone."""
        return clients.session(self._state().door)

    def client(self, service: str, **options: Any) -> Any:
        """``boto3.client(service)`` of the lab. An IAM user's key goes in as boto3 has it."""
        return self.session().client(service, **options)

    def resource(self, service: str, **options: Any) -> Any:
        """``boto3.resource(service)`` of the lab."""
        return self.session().resource(service, **options)

    def environment(self) -> dict[str, str]:
        """Variables for a program of its own, such as the AWS CLI: they hold the lab's key."""
        return clients.environment(self._state().door)

    def deploy(
        self, template: str | Path, name: str = "main", **parameters: object
    ) -> dict[str, str]:
        """Deploy a CloudFormation template, text or file, and keep it; returns its outputs.

        LabError where cfn-lint finds an error, with line and message, and where moto fails.
        """
        text = template.read_text(encoding="utf-8") if isinstance(template, Path) else template
        refuse_errors(text, str(template) if isinstance(template, Path) else name)
        stack = Stack(name, text, {key: str(value) for key, value in parameters.items()})
        outputs = apply(self.session(), stack)
        Kept(self._where).keep_stack(stack)
        return outputs

    def remove(self, name: str = "main") -> None:
        """Delete a stack with what it holds, and forget its template."""
        self.client("cloudformation").delete_stack(StackName=name)
        Kept(self._where).drop_stack(name)

    def stacks(self) -> list[str]:
        """The names of what was deployed and is kept, in order."""
        return [stack.name for _path, stack in Kept(self._where).stacks()]

    @property
    def scenario(self) -> str:
        """The scenario that the lab was last reset to, or nothing."""
        return Kept(self._where).scenario

    def reset(self, scenario: str | Path = "") -> dict[str, int]:
        """Begin anew: an empty cloud, or a scenario of a unit, such as ``migration:start``.

        Returns how many stacks and objects are in place. LabError for what could not be.
        """
        found = find_scenario(scenario) if scenario else None
        state = self._state()
        told = {"folder": str(found) if found else "", "scenario": str(scenario)}
        answer = process.control(state, "reset", told)
        return dict(answer["restored"])

    def enforce(self, on: bool = True) -> None:
        """Let IAM policies bind every key but the lab's own, which is the account's root."""
        call(self._state().door, "/moto-api/reset-auth", b"0" if on else b"inf")

    def denied(self) -> list[dict[str, str]]:
        """The calls that policies refused: ``at``, ``who``, ``action``, ``resource``."""
        return list(read_denied(self._where))

    def resources(
        self,
        provider: str = "A",
        prices: Path | None = None,
        rates: Path | None = None,
    ) -> list[Resource]:
        """What there is: service, id, name, state, REAL, METADATA or SIMULATED, and won.

        Prices are the kit's examples unless the learner's own cards are named: ``prices`` as
        of the unit rightsizing, ``rates`` as ``kit/data/machines.toml``.
        """
        card = read_prices(prices or find_unit("rightsizing").folder / "prices.toml", provider)
        return list_resources(self.session(), card, read_rates(rates, provider))

    def stop(self) -> None:
        """End the process; templates and objects are there again at the next start."""
        process.stop(self._home)
