"""The SAM template as CloudFormation would see it: expanded offline, the workflow inline.

The local cloud deploys the result and the gate lints it, so both look at the same thing.
"""

from __future__ import annotations

import copy
import json
import os
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator
from samtranslator.yaml_helper import yaml_parse

ROOT = Path(__file__).resolve().parent.parent
TEMPLATE = ROOT / "template.yaml"
REGION = "us-east-1"
BUCKET = "hark-artifacts"

Template = dict[str, Any]


class _NoManagedPolicies(dict[str, str]):
    """The template names no managed policy, so that the list of them need not be asked from IAM."""

    def load(self) -> _NoManagedPolicies:
        return self


def read(path: Path = TEMPLATE) -> Template:
    """The template as written, short forms (`!Ref`) turned into long ones (`{"Ref": …}`)."""
    return copy.deepcopy(_parsed(path.read_text()))


@lru_cache(maxsize=8)
def _parsed(text: str) -> Template:
    """Half a second for our template, and it is asked for hundreds of times."""
    parsed: Template = yaml_parse(text)
    return parsed


def artifact_key(folder: str) -> str:
    """Where the package of a code folder lies in the artifact bucket."""
    return f"{folder.strip('/')}.zip"


def expand(path: Path = TEMPLATE) -> Template:
    """The template as plain CloudFormation.

    Code folders become `s3://BUCKET/<folder>.zip`; a workflow's definition stands in it as an object, with its
    `${…}` marks and the substitutions for them.

    Raises:
        samtranslator.model.exceptions.InvalidDocumentException: the template is no valid SAM template.
    """
    template = read(path)
    workflows: dict[str, Any] = {}
    for name, resource in template["Resources"].items():
        properties = resource.get("Properties", {})
        for key in ("CodeUri", "ContentUri"):
            if isinstance(properties.get(key), str):
                properties[key] = f"s3://{BUCKET}/{artifact_key(properties[key])}"
        if isinstance(properties.get("DefinitionUri"), str):
            workflows[name] = yaml.safe_load((path.parent / properties["DefinitionUri"]).read_text())
            properties["DefinitionUri"] = f"s3://{BUCKET}/{name}"
    os.environ.setdefault("AWS_DEFAULT_REGION", REGION)  # the translator asks for it, to choose a partition
    expanded = Translator(_NoManagedPolicies(), Parser()).translate(sam_template=template, parameter_values={})
    expanded = json.loads(json.dumps(expanded, default=str))
    for name, definition in workflows.items():
        properties = expanded["Resources"][name]["Properties"]
        del properties["DefinitionS3Location"]
        properties["Definition"] = definition
    result: Template = expanded
    return result
