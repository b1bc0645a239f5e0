"""The small closed lists of the synthetic provider: models and their releases, topics, places, networks, clients.

Belongs here: facts that every part of the world shares. All names are invented; countries carry no meaning for the
roles.
"""

SURFACES = ("api", "chat", "coding_agent", "partner_cloud")
API, CHAT, CODING, PARTNER = range(4)
PARTNERS = ("northcloud", "meridian", "harbor")
OPERATIONS = ("chat", "text_completion", "embeddings", "generate_content")
FINISH = ("stop", "length", "tool_calls", "refusal", "content_filter", "error")

MODELS = ("atlas-4-large", "atlas-4-small", "atlas-embed-2", "atlas-3-large")
LARGE, SMALL, EMBED, OLD = range(4)
FRONTIER_OFFSETS = (9, 23, 58, 93, 128, 163, 198, 233, 268, 303, 338)
"""Days after the first day of the world on which a frontier model is released, at RELEASE_HOUR UTC."""
FRONTIER_MODELS = tuple(f"atlas-5-{number}" for number in range(len(FRONTIER_OFFSETS)))
RIVAL_OFFSETS = (16, 75, 140, 215)
RIVAL_MODELS = tuple(f"rival-{number + 1}" for number in range(len(RIVAL_OFFSETS)))
RELEASE_HOUR = 15
ALL_MODELS = MODELS + FRONTIER_MODELS

TOPICS = (
    "software_engineering", "agentic_tool_use", "mathematics", "formal_logic", "data_analysis", "machine_learning",
    "law", "finance", "accounting", "marketing", "customer_support", "translation", "summarisation", "creative_writing",
    "education", "biology", "chemistry", "medicine", "physics", "history", "travel", "cooking", "career", "small_talk",
)  # fmt: skip
SOFTWARE, TOOL_USE, MATHS, LOGIC, DATA, ML = range(6)
SUPPORT, TRANSLATION, SUMMARY, CREATIVE, EDUCATION, HISTORY = 10, 11, 12, 13, 14, 19

COUNTRIES = ("US", "DE", "GB", "IN", "BR", "JP", "FR", "CA", "NG", "PL", "KR", "MX", "SG", "TR", "CN", "VN", "RU", "IR")
COUNTRY_SHARES = (30, 8, 8, 12, 7, 6, 6, 5, 4, 4, 3, 3, 2, 2, 0, 2, 0, 0)
UNSUPPORTED = (14, 16, 17)
"""Places in COUNTRIES that the provider does not serve; some customers of a grey market live there."""
TIME_ZONES = (-6, 1, 0, 5, -3, 9, 1, -5, 1, 1, 9, -6, 8, 3, 8, 7, 3, 3)
LANGUAGES = ("en", "de", "en", "en", "pt", "ja", "fr", "en", "en", "pl", "ko", "es", "en", "tr", "zh", "vi", "ru", "fa")
CURRENCIES = ("usd", "eur", "gbp", "inr", "brl", "jpy", "eur", "cad", "usd", "pln", "krw", "mxn", "sgd", "try", "usd",
"usd",
              "usd", "usd")  # fmt: skip

RESIDENTIAL_PER_COUNTRY = 5
HOSTING_ASNS = (16509, 14061, 64496, 24940, 64497, 16276, 64498, 8075, 64499, 20473)
"""Six large clouds under their registry numbers, which any public list of hosters holds; numbers reserved for documentation
(RFC 5398) stand for small hosters that no list knows."""
VPN_ASNS = (65536, 65537, 65538)
CAMPUS_ASNS = (65540, 65541, 65542, 65543)
FIRST_RESIDENTIAL_ASN = 131072

POPULAR_AGENTS = 14
POPULAR_TEMPLATES = 16
"""Clients and framework templates that thousands of unrelated accounts have in common."""

MAIL_DOMAINS = (
    "gmail.example",
    "outlook.example",
    "yahoo.example",
    "proton.example",
    "icloud.example",
    "mailhub.example",
)
RELAY_DOMAIN = "privaterelay.example"
DISPOSABLE_DOMAINS = ("mailinator.com", "guerrillamail.com", "yopmail.com", "freshdrop.example", "quickpost.example")
"""Three services that public lists hold, and two that are newer than the lists."""
TIERS = ("free", "plus", "build", "scale", "enterprise")
FREE, PLUS, BUILD, SCALE, ENTERPRISE = range(5)
TIER_RPM = (5, 20, 60, 600, 4000)
USES = (
    "personal",
    "software",
    "customer_support",
    "research",
    "education",
    "analytics",
    "content",
    "resale",
    "training_data",
)
FUNDINGS = ("credit", "debit", "prepaid", "unknown")
CREDIT, DEBIT, PREPAID, UNKNOWN_FUNDING = range(4)


def residential_asn(country: int, number: int) -> int:
    """Return the autonomous system of a consumer network: `number` of RESIDENTIAL_PER_COUNTRY in one country."""
    return FIRST_RESIDENTIAL_ASN + country * RESIDENTIAL_PER_COUNTRY + number % RESIDENTIAL_PER_COUNTRY
