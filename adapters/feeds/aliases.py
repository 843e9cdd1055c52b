"""The fields of each feed, how each is read, and the headings under which exports hold them.

A heading is in plain form: small letters and digits, nothing else.
"""

FIELDS: dict[str, dict[str, str]] = {
    "referrals": {
        "referral_id": "text",
        "force": "text",
        "nccu_reference": "text",
        "referred_at": "instant",
        "officer_id": "text",
        "district": "text",
        "event_type": "text",
        "channel": "text",
        "incident_number": "text",
        "custody_number": "text",
        "postcode": "text",
        "vehicle_registrations": "list",
        "people": "people",
    },
    "documents": {
        "urn": "text",
        "force": "text",
        "submitted_at": "instant",
        "author_officer_id": "text",
        "document_type": "text",
        "status": "lower",
        "nccu_references": "list",
        "incident_number": "text",
        "custody_number": "text",
        "event_date": "day",
        "postcode": "text",
        "vehicle_registrations": "list",
        "people": "people",
        "source_evaluation": "grade number",
        "intelligence_assessment": "grade",
        "handling_code": "grade",
        "amended_at": "instant",
    },
}
"""Each feed's fields in the contract's order, with the kind of value each holds."""

PERSON_FIELDS = {
    "role": "lower",
    "forename": "name",
    "surname": "name",
    "date_of_birth": "birthday",
    "nationality": "text",
}

PERSON_COLUMNS = {
    "person_role": "role",
    "forename": "forename",
    "surname": "surname",
    "date_of_birth": "date_of_birth",
    "nationality": "nationality",
}
"""The columns of a file with one row a person, and the person's field that each holds."""

KEYS = {"referrals": "referral_id", "documents": "urn"}
"""The field that names a record within its force."""

REQUIRED = {
    "referrals": ("referral_id", "referred_at", "officer_id"),
    "documents": ("urn", "submitted_at", "author_officer_id"),
}
"""The fields without which no row can load; the force may come from the command."""

TIMES = {"referrals": "referred_at", "documents": "submitted_at"}

_SHARED = {
    "force": "forcecode forcename policeforce",
    "incident_number": (
        "incident incidentno incidentref incidentreference incidentid incidentlog "
        "incidentlognumber log logno lognumber logref cad cadno cadnumber cadref stormlog"
    ),
    "custody_number": (
        "custody custodyno custodyref custodyreference custodyrecord custodyrecordnumber "
        "custodyid crn"
    ),
    "postcode": "postalcode postcodeoflocation locationpostcode incidentpostcode",
    "vehicle_registrations": (
        "vehicleregistration vehicle vehicles vehiclereg vehicleregs vrm vrms vrn vrns "
        "registration registrations registrationmark regno"
    ),
    "people": "persons nominals subjects",
    "person_role": "role roleofperson nominalrole subjectrole",
    "forename": "forenames firstname firstnames givenname givennames",
    "surname": "lastname familyname familynames surnames",
    "date_of_birth": "dob birthdate dateofbirthddmmyyyy",
    "nationality": "nationalities",
}

_OWN = {
    "referrals": {
        "referral_id": (
            "id recordid caseid caseref caseno casenumber referralref referralno "
            "referralnumber refid uniqueid"
        ),
        "nccu_reference": (
            "nccuref nccuno nccunumber nccureferencenumber iereference ieref ienumber "
            "immigrationreference immigrationref immigrationenforcementreference "
            "homeofficereference"
        ),
        "referred_at": (
            "referred datereferred dateofreferral referraldate referraldatetime referraltime "
            "datetimereferred datetimeofreferral contactdate contactdatetime calldatetime "
            "reportedat datereported datetimereported"
        ),
        "officer_id": (
            "officer officerno officernumber officercollar collar collarno collarnumber "
            "reportingofficer reportingofficerid reportingofficernumber referringofficer "
            "shouldernumber warrantnumber oic"
        ),
        "district": "districtname division bcu area team lpa borough command",
        "event_type": "eventtype event typeofevent incidenttype type reason",
        "channel": "method contactmethod referralmethod howreferred methodofcontact",
    },
    "documents": {
        "urn": (
            "id documentid documenturn reporturn reportid reportref intelurn intelligenceurn "
            "intelref intelligencereportnumber uniquereferencenumber logurn"
        ),
        "submitted_at": (
            "submitted datesubmitted submitteddate submissiondate submissiondatetime "
            "datetimesubmitted dateofsubmission createdat datecreated createddate reportdate"
        ),
        "author_officer_id": (
            "author authorid authorno authornumber authorcollar officer officerid officerno "
            "officernumber submittingofficer submittedby collar collarno collarnumber "
            "reportingofficer createdby"
        ),
        "document_type": "type doctype reporttype intelligencetype documenttypename",
        "status": "state documentstatus reportstatus",
        "nccu_references": (
            "nccureference nccuref nccurefs nccunumber nccuno iereference ieref ienumber "
            "immigrationreference immigrationref homeofficereference"
        ),
        "event_date": "dateofevent eventday dateofincident incidentdate dateofinformation",
        "source_evaluation": "source sourceeval sourcegrading sourcegrade evaluation",
        "intelligence_assessment": (
            "assessment intelassessment intelligencegrading intelligencegrade "
            "informationassessment intelligenceevaluation"
        ),
        "handling_code": "handling handlingcodes handlinggrade",
        "amended_at": (
            "amended dateamended amendeddate lastamended lastamendedat modified modifiedat "
            "lastmodified updatedat lastupdated"
        ),
    },
}


def _known(feed: str) -> dict[str, tuple[str, ...]]:
    """Each field's headings: its own name first, then the common ones."""
    headings: dict[str, tuple[str, ...]] = {}
    for name in (*FIELDS[feed], *PERSON_COLUMNS):
        common = (_OWN[feed].get(name) or _SHARED.get(name, "")).split()
        headings[name] = tuple(dict.fromkeys((name.replace("_", ""), *common)))
    return headings


KNOWN = {feed: _known(feed) for feed in FIELDS}
"""The built-in headings of each feed's fields and of a person's columns."""

PERSON_HEADINGS = {
    heading: name
    for column, name in PERSON_COLUMNS.items()
    for heading in KNOWN["referrals"][column]
}
"""The field of a person that each plain heading means."""
