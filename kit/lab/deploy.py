"""Templates: read by cfn-lint first, then deployed; moto alone accepts nearly anything."""

from __future__ import annotations

from typing import Any

from kit.errors import LabError
from kit.imports import lean_imports
from kit.lab.clients import REGION
from kit.lab.kept import Stack

# findings that only say what could be better are no reason to refuse
_ERROR = "error"


def findings(template: str) -> list[tuple[int, str, str]]:
    """What cfn-lint calls an error: line, rule, message."""
    with lean_imports():
        from cfnlint.api import lint
        from cfnlint.config import ManualArgs

    # the learner's own .cfnlintrc must not decide what a check accepts
    found = lint(template, None, None, ManualArgs(regions=[REGION], config_file=None))
    errors = [each for each in found if each.rule.severity == _ERROR]
    return [(each.linenumber, each.rule.id, each.message) for each in errors]


def refuse_errors(template: str, name: str) -> None:
    """LabError with line and message when cfn-lint finds an error."""
    found = findings(template)
    if found:
        lines = "\n".join(f"line {line}: {text} ({rule})" for line, rule, text in found[:10])
        raise LabError(
            "cfn-lint finds errors in the template:\n{lines}",
            where=name,
            fix="Mend these lines, then deploy again.",
            lines=lines,
        )


def apply(cloud: Any, stack: Stack) -> dict[str, str]:
    """Create or update a stack; returns its outputs. LabError with moto's reason."""
    from botocore.exceptions import ClientError

    client = cloud.client("cloudformation")
    told = {
        "StackName": stack.name,
        "TemplateBody": stack.template,
        "Parameters": [
            {"ParameterKey": key, "ParameterValue": str(value)}
            for key, value in stack.parameters.items()
        ],
        "Capabilities": ["CAPABILITY_NAMED_IAM"],
    }
    try:
        if stack.name in {each["StackName"] for each in client.describe_stacks()["Stacks"]}:
            client.update_stack(**told)
        else:
            client.create_stack(**told)
        found = client.describe_stacks(StackName=stack.name)["Stacks"][0]
    except ClientError as error:
        raise LabError(
            "The lab could not deploy the stack {name}: {reason}",
            where=stack.name,
            fix="Mend the template, then deploy again.",
            name=stack.name,
            reason=error.response["Error"].get("Message", str(error)),
        ) from None
    return {out["OutputKey"]: out["OutputValue"] for out in found.get("Outputs", [])}
