"""Usage reports of providers and proxies: totals beside the landing tables, which the mart gate holds the warehouse against.

Belongs here: reading the reports of Anthropic, OpenAI and LiteLLM, and the one table of totals they become. They are sums of an
organisation's own use, without who used it or how, so they feed no landing table; how they are compared is said in
`expectations/reconciliation.py`.
"""
