"""The stack: template expanded, functions packaged, CloudFormation asked to create it."""

from __future__ import annotations

import functools
import json
import time
from collections.abc import Mapping
from typing import Any

import boto3
from botocore.config import Config

from infra.expand import BUCKET, ROOT, Template, artifact_key, expand, read
from infra.local import artifacts, engine_gaps

NAME = "hark"
CREATE_SECONDS = 60.0


class StackFailed(RuntimeError):
    """CloudFormation did not create the stack; the message holds its reasons."""


@functools.cache
def client(service: str) -> Any:
    """A boto3 client of the engine, which the environment points to."""
    make: Any = boto3.client  # its types know services by their names only
    return make(service, config=Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 3}))


class Stack:
    """A created stack.

    Attributes:
        outputs: the template's outputs by name.
        ids: physical by logical id.
        template: what was created, parameters put in.
    """

    def __init__(self, outputs: dict[str, str], ids: dict[str, str], template: Template) -> None:
        self.outputs = outputs
        self.ids = ids
        self.template = template

    def properties(self, kind: str) -> dict[str, Any]:
        """Properties of the one resource of a type.

        Raises:
            ValueError: there is none, or more than one.
        """
        [found] = [r["Properties"] for r in self.template["Resources"].values() if r["Type"] == kind]
        result: dict[str, Any] = found
        return result

    def functions(self) -> dict[str, str]:
        """Name of each function, by its logical id."""
        resources = self.template["Resources"].items()
        return {name: self.ids[name] for name, resource in resources if resource["Type"] == "AWS::Lambda::Function"}

    def log_groups(self) -> dict[str, str]:
        """Name of the log group of each function, by its logical id."""
        resources = self.template["Resources"]
        return {
            name: self.ids[resources[name]["Properties"]["LoggingConfig"]["LogGroup"]["Ref"]]
            for name in self.functions()
        }


def create(parameters: Mapping[str, str], environment: Mapping[str, Mapping[str, str]]) -> Stack:
    """Create the stack from the template as it lies in the checkout.

    Args:
        parameters: values of template parameters.
        environment: environment variables that differ locally, by logical id of the function.

    Raises:
        StackFailed: CloudFormation refused or rolled back.
    """
    template = expand()
    for function, variables in environment.items():
        template["Resources"][function]["Properties"]["Environment"]["Variables"].update(variables)
    _upload_functions(template)
    engine_gaps.adapt_template(template)
    client("s3").put_object(Bucket=BUCKET, Key="template.json", Body=json.dumps(template).encode())
    cloudformation = client("cloudformation")
    cloudformation.create_stack(
        StackName=NAME,
        TemplateURL=f"https://s3.amazonaws.com/{BUCKET}/template.json",  # larger than a TemplateBody may be
        Capabilities=["CAPABILITY_IAM"],
        Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()],
    )
    described = _await_created(cloudformation)
    ids = {
        resource["LogicalResourceId"]: resource["PhysicalResourceId"]
        for resource in cloudformation.describe_stack_resources(StackName=NAME)["StackResources"]
    }
    values = {name: str(spec.get("Default", "")) for name, spec in template["Parameters"].items()} | dict(parameters)
    stack = Stack(
        {output["OutputKey"]: output["OutputValue"] for output in described["Outputs"]},
        ids,
        _with_parameters(template, values),
    )
    engine_gaps.complete_stack(stack.template, ids, client)
    return stack


def _upload_functions(template: Template) -> None:
    """Package each function for this machine, in place of its arm64 package and its layers."""
    client("s3").create_bucket(Bucket=BUCKET)
    folders = {
        name: resource["Properties"]["CodeUri"]
        for name, resource in read()["Resources"].items()
        if resource["Type"] == "AWS::Serverless::Function"
    }
    for name, folder in folders.items():
        properties = template["Resources"][name]["Properties"]
        package = artifacts.package(ROOT / folder, properties["Environment"]["Variables"], properties["LoggingConfig"])
        client("s3").put_object(Bucket=BUCKET, Key=artifact_key(folder), Body=package)
        properties["Runtime"] = "provided.al2023"
        properties.pop("Layers")
    resources = template["Resources"]
    for name in [n for n, r in resources.items() if r["Type"] == "AWS::Lambda::LayerVersion"]:
        del resources[name]


def _await_created(cloudformation: Any) -> dict[str, Any]:
    deadline = time.monotonic() + CREATE_SECONDS
    while True:
        described: dict[str, Any] = cloudformation.describe_stacks(StackName=NAME)["Stacks"][0]
        status = described["StackStatus"]
        if status == "CREATE_COMPLETE":
            return described
        if not status.endswith("IN_PROGRESS") or time.monotonic() > deadline:
            reasons = [
                f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason')}"
                for event in cloudformation.describe_stack_events(StackName=NAME)["StackEvents"]
                if "FAILED" in event["ResourceStatus"]
            ]
            raise StackFailed(f"{status}: " + "; ".join(reasons))
        time.sleep(0.02)


def _with_parameters(node: Any, values: Mapping[str, str]) -> Any:
    """The template with each `Ref` to a parameter replaced by its value."""
    if isinstance(node, dict):
        if set(node) == {"Ref"} and node["Ref"] in values:
            return values[node["Ref"]]
        return {key: _with_parameters(value, values) for key, value in node.items()}
    if isinstance(node, list):
        return [_with_parameters(value, values) for value in node]
    return node
