"""What goes wrong in Exampleshire in two months: each trouble planted once, by hand."""

from datetime import datetime, timedelta
from typing import Any

from synthetic.demo.plan import NIGHTS, SMALL, as_of, night_of
from synthetic.demo.script import Script

CLANDESTINE_PEOPLE = 2
SHOWN_SMALL = 12
"""How many documents the small night still holds."""


def plant(script: Script) -> dict[str, Any]:
    """Arrange everything; the fields of `Planted` that records decide."""
    found: dict[str, Any] = {"small_night": SMALL}
    found |= _clandestine(script)
    found |= _ambiguous(script)
    found |= _late(script)
    found |= _withdrawn(script)
    found |= _amended(script)
    found |= _ungraded(script)
    found |= _not_accepted(script)
    found |= _mistyped(script)
    found |= _not_yet_due(script)
    _bad_rows(script)
    _small_night(script)
    return found


def _clandestine(script: Script) -> dict[str, Any]:
    """People found in a lorry: four referrals of one incident, one document for all."""
    keys = script.pick(2, 4)
    lead = script.referrals[keys[0]]
    lead.update(
        event_type="clandestine_entry",
        channel="phone",
        vehicle_registrations=lead["vehicle_registrations"] or ["QX71 HGV"],
    )
    for number, key in enumerate(keys[1:], 1):
        script.drop_documents_of(key)
        shared = ("officer_id", "district", "event_type", "channel", "incident_number", "postcode")
        script.referrals[key].update(
            {name: lead[name] for name in (*shared, "vehicle_registrations")},
            referred_at=lead["referred_at"] + timedelta(minutes=9 * number),
            custody_number=None,
        )
    urn = script.well_written(keys[0], hours=11)
    everybody = [person for key in keys for person in script.referrals[key]["people"]]
    references = [script.referrals[key]["nccu_reference"] for key in keys[:2]]
    script.documents[urn].update(people=everybody, nccu_references=references)
    script.truth += [(key, urn, "cover") for key in keys[1:]]
    return {"clandestine_referrals": tuple(keys), "clandestine_document": urn}


def _ambiguous(script: Script) -> dict[str, Any]:
    """One person reported twice in a day by one officer, one document that fits both."""
    first, second = script.pick(3, 2)
    lead, twin = script.referrals[first], script.referrals[second]
    for referral in (lead, twin):
        referral.update(vehicle_registrations=[], custody_number=None)
    same = ("officer_id", "district", "event_type", "channel", "postcode", "people")
    twin.update({name: lead[name] for name in same})
    noon = lead["referred_at"].replace(hour=12, minute=0, second=0)
    lead.update(referred_at=noon, incident_number=_logged(noon, 611))
    noon += timedelta(minutes=5)
    twin.update(referred_at=noon, incident_number=_logged(noon, 618))
    script.drop_documents_of(second)
    urn = script.well_written(first, hours=30)
    script.documents[urn].update(nccu_references=[], incident_number=None)
    return {"ambiguous_referrals": (first, second), "ambiguous_document": urn}


def _logged(happened: datetime, number: int) -> str:
    return f"EX-{happened:%Y%m%d}-{number:04}"


def _late(script: Script) -> dict[str, Any]:
    """A document written six weeks late, and one in time that reached the feed late."""
    late, slow = script.pick(0)[0], script.pick(1)[0]
    pair = (late, script.well_written(late, hours=24 * 41))
    in_time = (slow, script.well_written(slow, hours=20))
    script.held[in_time[1]] = night_of(script.documents[in_time[1]]["submitted_at"]) + 2
    return {"late_document": pair, "delivered_late": in_time}


def _withdrawn(script: Script) -> dict[str, Any]:
    """A document accepted on one night and withdrawn three deliveries later."""
    key = script.pick(3)[0]
    urn = script.well_written(key)
    night = night_of(script.documents[urn]["submitted_at"]) + 3
    at = as_of(night) - timedelta(hours=15)
    script.again.append(
        (night, "documents", script.documents[urn] | {"status": "withdrawn", "amended_at": at})
    )
    return {"withdrawn": (key, urn), "withdrawn_night": night}


def _amended(script: Script) -> dict[str, Any]:
    """A referral whose incident number is put right, and a document graded afterwards."""
    key, other = script.pick(1, 2)
    right = script.referrals[key]
    script.well_written(key)
    night = night_of(right["referred_at"])
    script.again.append((night + 1, "referrals", dict(right)))
    right.update(incident_number=None, postcode=None)
    urn = script.well_written(other)
    document = script.documents[urn]
    night = night_of(document["submitted_at"]) + 2
    amended_at = as_of(night) - timedelta(hours=20)
    script.again.append((night, "documents", document | {"amended_at": amended_at}))
    document.update(handling_code=None)
    return {"amended_referral": key, "amended_document": urn}


def _ungraded(script: Script) -> dict[str, Any]:
    """Documents that answer, with a part of the 3x5x2 grading left out, or all of it."""
    one, other = script.pick(4, 2)
    pairs = ((one, script.well_written(one)), (other, script.well_written(other)))
    script.documents[pairs[0][1]].update(handling_code=None)
    script.documents[pairs[1][1]].update(
        source_evaluation=None, intelligence_assessment=None, handling_code=None
    )
    return {"incomplete": pairs}


def _not_accepted(script: Script) -> dict[str, Any]:
    """A document that stayed a draft, and one that the bureau rejected."""
    one, other = script.pick(5, 2)
    draft, rejected = script.well_written(one), script.well_written(other)
    script.documents[draft].update(status="draft")
    script.documents[rejected].update(status="rejected")
    return {"draft": (one, draft), "rejected": (other, rejected)}


def _mistyped(script: Script) -> dict[str, Any]:
    """A document that is right in everything except that it quotes another referral."""
    key, other = script.pick(6, 2)
    urn = script.well_written(key)
    script.documents[urn].update(
        nccu_references=[script.referrals[other]["nccu_reference"]],
    )
    return {"mistyped_reference": (key, urn), "mistyped_onto": other}


def _not_yet_due(script: Script) -> dict[str, Any]:
    """A referral of the last evening, which nobody has documented yet."""
    keys = [
        key
        for key, referral in script.referrals.items()
        if night_of(referral["referred_at"]) == NIGHTS - 1 and key not in script.cast
    ]
    key = keys[-1]
    script.cast.add(key)
    shared = {urn for answered, urn, _ in script.truth if answered != key}
    for urn in set(script.documents_of(key)) - shared:
        del script.documents[urn]
    script.truth = [pair for pair in script.truth if pair[0] != key]
    at = as_of(NIGHTS - 1) - timedelta(hours=7)
    script.referrals[key].update(referred_at=at, incident_number=_logged(at, 1190))
    return {"not_yet_due": key}


def _bad_rows(script: Script) -> None:
    """Rows that no system could load: each with one thing wrong, and a total."""
    referral = dict(next(iter(script.referrals.values())))
    document = dict(next(iter(script.documents.values())))
    script.bad[(2, "referrals")] = [
        referral | {"referral_id": "EX-R-9000001", "referred_at": "31/02/2026 10:00"},
        referral | {"referral_id": "EX-R-9000002", "officer_id": None},
        referral | {"referral_id": None},
        dict.fromkeys(referral) | {"referral_id": "TOTAL", "officer_id": "4"},
    ]
    script.bad[(4, "documents")] = [
        document | {"urn": None},
        document | {"urn": "EX/INT/9000001", "submitted_at": "soon"},
        document | {"urn": "EX/INT/9000002", "handling_code": "Z"},
    ]


def _small_night(script: Script) -> None:
    """One night's export breaks off; the next brings the rest."""
    for document in script.delivered("documents", SMALL)[SHOWN_SMALL:]:
        script.held[document["urn"]] = SMALL + 1
