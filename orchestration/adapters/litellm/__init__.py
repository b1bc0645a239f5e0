"""The LiteLLM proxy: its log of spend, keys and tenants as landing tables.

Belongs here: `adapter.yml`, which says what is read, and the SQL that shapes it. Prompts and answers, which LiteLLM may keep in
`messages`, `response` and `proxy_server_request`, are never read.
"""
