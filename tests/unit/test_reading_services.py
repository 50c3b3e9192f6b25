"""Services that read: what they are asked, what of their answers counts, and that no case waits for them."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from botocore.stub import ANY, Stubber
from hark.domain.reading import Reading
from hark.reading.backed import Backed, CannotRead
from hark.reading.bedrock import Bedrock
from hark.reading.builtin import Builtin
from hark.reading.comprehend import Comprehend

EXPECTED = ("lv", "ru", "ms", "he", "ar", "en")
COMPLAINT = "My parcel is three days late and nobody answers. This is terrible."
MODEL = "amazon.nova-micro-v1:0"


def client(service: str) -> Any:
    make: Any = boto3.client
    return make(service, region_name="eu-west-1", aws_access_key_id="test", aws_secret_access_key="test")


@pytest.fixture
def comprehend() -> Any:
    return client("comprehend")


@pytest.fixture
def bedrock() -> Any:
    return client("bedrock-runtime")


def mood(sentiment: str, share: float) -> dict[str, Any]:
    rest = (1 - share) / 3
    scores = dict.fromkeys(("Positive", "Negative", "Neutral", "Mixed"), rest)
    return {"Sentiment": sentiment, "SentimentScore": {**scores, sentiment.capitalize(): share}}


def said(given: Any) -> dict[str, Any]:
    """An answer of Converse in which the model calls our tool."""
    content = [{"toolUse": {"toolUseId": "1", "name": "reading", "input": given}}]
    return {
        "output": {"message": {"role": "assistant", "content": content}}, "stopReason": "tool_use",
        "usage": {"inputTokens": 400, "outputTokens": 50, "totalTokens": 450}, "metrics": {"latencyMs": 300},
    }  # fmt: skip


READ = {"language": "en", "sentiment": "negative", "intent": "complaint", "urgency": "normal", "confidence": 0.9}


def by_model(bedrock: Any, answer: dict[str, Any], text: str = COMPLAINT) -> Reading:
    with Stubber(bedrock) as stub:
        stub.add_response("converse", answer)
        return Bedrock(lambda: bedrock, lambda: MODEL).read(text, "", EXPECTED)


# --- Comprehend ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "share", "expected"),
    [
        ("NEGATIVE", 0.97, "negative"), ("POSITIVE", 0.8, "positive"), ("NEUTRAL", 0.7, "neutral"),
        ("MIXED", 0.9, "unsure"), ("NEGATIVE", 0.5, "unsure"),
    ],
)  # fmt: skip
def test_comprehends_mood_counts_where_it_is_sure(comprehend: Any, told: str, share: float, expected: str) -> None:
    with Stubber(comprehend) as stub:
        stub.add_response("detect_sentiment", mood(told, share), {"Text": COMPLAINT, "LanguageCode": "en"})
        reading = Comprehend(lambda: comprehend, Builtin()).read(COMPLAINT, "en", EXPECTED)
        stub.assert_no_pending_responses()
    own = Builtin().read(COMPLAINT, "en", EXPECTED)
    assert reading.sentiment == expected
    assert (reading.language, reading.intent, reading.urgency) == (own.language, own.intent, own.urgency)
    assert reading.engine.startswith("comprehend + built-in")
    assert bool([e for e in reading.evidence if e.code == "comprehend"]) is (expected != "unsure")
    assert expected == "unsure" or reading.confidence <= share


@pytest.mark.parametrize("text", ["Paldies, viss kārtībā, ļoti labs serviss!", "Где мой заказ? Уже неделя прошла"])
def test_a_language_comprehend_does_not_know_is_read_by_the_built_in_and_costs_nothing(
    comprehend: Any, text: str
) -> None:
    with Stubber(comprehend):  # any call would be an error
        reading = Backed(Comprehend(lambda: comprehend, Builtin()), Builtin()).read(text, "", EXPECTED)
    assert reading == Builtin().read(text, "", EXPECTED)


def test_a_text_too_long_for_comprehend_is_not_sent(comprehend: Any) -> None:
    with Stubber(comprehend), pytest.raises(CannotRead, match="length"):
        Comprehend(lambda: comprehend, Builtin()).read(COMPLAINT * 100, "en", EXPECTED)


# --- Bedrock ------------------------------------------------------------------------------------


def test_a_model_is_asked_with_the_text_as_data_and_answers_in_our_form(bedrock: Any) -> None:
    with Stubber(bedrock) as stub:
        stub.add_response(
            "converse", said(READ),
            {
                "modelId": MODEL, "system": ANY, "inferenceConfig": {"maxTokens": 200, "temperature": 0.0},
                "messages": [{"role": "user", "content": [{"text": f"<message>\n{COMPLAINT}\n</message>"}]}],
                "toolConfig": ANY,
            },
        )  # fmt: skip
        reading = Bedrock(lambda: bedrock, lambda: MODEL).read(COMPLAINT, "", EXPECTED)
    assert (reading.language, reading.sentiment, reading.intent, reading.urgency) == (
        "en", "negative", "complaint", "normal",
    )  # fmt: skip
    assert (reading.confidence, reading.engine) == (0.9, f"bedrock {MODEL}")
    assert {e.field for e in reading.evidence} == {"language", "sentiment", "intent", "urgency"}


@pytest.mark.parametrize(
    "given",
    [
        None, {}, "complaint", {**READ, "intent": "refund everybody"}, {**READ, "confidence": 7},
        {**READ, "language": 5}, {**READ, "language": "English"}, {k: v for k, v in READ.items() if k != "urgency"},
    ],
)  # fmt: skip
def test_an_answer_out_of_form_is_none(bedrock: Any, given: Any) -> None:
    answer = said(given) if given is not None else said({})
    if given is None:
        answer["output"]["message"]["content"] = [{"text": json.dumps(READ)}]
    if not isinstance(given, dict | None):
        answer = said({"answer": given})
    with pytest.raises(CannotRead, match="form"):
        by_model(bedrock, answer)


def test_what_the_model_adds_is_not_looked_at(bedrock: Any) -> None:
    assert by_model(bedrock, said({**READ, "reply": "Your refund is on its way"})).intent == "complaint"


def test_a_model_that_is_sure_of_nothing_has_no_confidence(bedrock: Any) -> None:
    unsure = {"language": "und", "sentiment": "unsure", "intent": "unsure", "urgency": "unsure", "confidence": 1}
    reading = by_model(bedrock, said(unsure))
    assert (reading.confidence, reading.evidence) == (0.0, ())


def test_nothing_to_read_is_not_sent(bedrock: Any) -> None:
    with Stubber(bedrock), pytest.raises(CannotRead, match="empty"):
        Bedrock(lambda: bedrock, lambda: MODEL).read(" \n ", "", EXPECTED)


def test_a_lone_surrogate_reaches_no_service(bedrock: Any) -> None:
    assert by_model(bedrock, said(READ), "broken \ud83d here").evidence[0].end == len("broken \ud83d here")


# --- the built-in behind them -------------------------------------------------------------------


@pytest.mark.parametrize("code", ["ThrottlingException", "AccessDeniedException", "ModelTimeoutException"])
def test_when_the_service_fails_the_built_in_reads(bedrock: Any, code: str) -> None:
    with Stubber(bedrock) as stub:
        stub.add_client_error("converse", code)
        reading = Backed(Bedrock(lambda: bedrock, lambda: MODEL), Builtin()).read(COMPLAINT, "", EXPECTED)
    assert reading == Builtin().read(COMPLAINT, "", EXPECTED)
    assert reading.engine.startswith("built-in")


def test_the_operators_choice_decides_who_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    from hark import wiring

    engines = {}
    for choice in ("builtin", "comprehend", "bedrock"):
        monkeypatch.setenv("READER", choice)
        wiring.reader.cache_clear()
        made = wiring.reader()
        engines[choice] = type(made.first) if isinstance(made, Backed) else type(made)
    wiring.reader.cache_clear()
    assert engines == {"builtin": Builtin, "comprehend": Comprehend, "bedrock": Bedrock}
