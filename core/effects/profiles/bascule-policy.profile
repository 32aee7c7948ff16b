# Source: ipc/policy_serve.c. Our own server, which an agent asks before it acts: it runs nothing.
profile bascule-policy
tool bascule_policy  nothing  *=text
