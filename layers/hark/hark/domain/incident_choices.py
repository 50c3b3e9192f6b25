"""What a brand decides about incidents: its topics, when talk of one is news, who may approve a broadcast, its pace."""

from __future__ import annotations

import re

from pydantic import BaseModel, ConfigDict, Field, field_validator

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


class IncidentChoices(BaseModel):
    """Incident mode of one brand. As shipped nobody watches, and nothing is counted."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    watch: bool = False
    topics: dict[str, dict[str, tuple[str, ...]]] = Field(default_factory=dict, max_length=100)
    """The brand's own topics: name → language (BCP 47) → words. A `*` before or behind a word stands for any letters
    (`internet*`). The name is of small Latin letters, digits and hyphens; the first topic that fits is taken."""
    hashtags: bool = True
    """A message on no topic of the brand's is on that of its first hashtag."""
    keywords: bool = False
    """One without a hashtag is on that of its first telling word. Finds what nobody thought of; each word is a topic
    with a past of its own, so it costs a few writes per message more and is wrong more often."""
    bucket_seconds: int = Field(default=900, ge=300, le=3600)
    least_messages: int = Field(default=5, ge=2, le=1000)
    """Fewer within a bucket are never news, however quiet the topic was."""
    least_people: int = Field(default=4, ge=2, le=1000)
    """Nor are those of fewer people."""
    once_in_buckets: int = Field(default=10_000, ge=100, le=100_000_000)
    """So rarely would a count be so high by chance. 10,000 buckets of 15 minutes are 104 days."""
    learning_seconds: int = Field(default=86_400, ge=0, le=14 * 86_400)
    """For so long after watching began nothing is news: there is no past to compare with."""
    rest_seconds: int = Field(default=7200, ge=0, le=7 * 86_400)
    """After an incident is closed its topic opens none by itself for so long."""
    approvers: tuple[str, ...] = ()
    """Members who may approve a broadcast beside leads."""
    per_minute: int = Field(default=20, ge=1, le=40)
    """Cases that a broadcast reaches in a minute."""
    public_on_x: int = Field(default=10, ge=0, le=50)
    """Public posts of one broadcast on X; the other cases are left to people (X's automation rules)."""

    @field_validator("topics")
    @classmethod
    def _named_well(cls, topics: dict[str, dict[str, tuple[str, ...]]]) -> dict[str, dict[str, tuple[str, ...]]]:
        for name, words in topics.items():
            if not NAME.fullmatch(name):
                raise ValueError(f"{name!r}: a topic's name is of small Latin letters, digits and hyphens")
            if any(not word.strip("* ") for listed in words.values() for word in listed):
                raise ValueError(f"{name!r}: a word without letters would fit everything")
        return topics
