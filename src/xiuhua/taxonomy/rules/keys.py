"""How a class is named outside its table: by scheme, kind and code, since events and components are numbered apart."""

from __future__ import annotations


def class_key(scheme: str, kind: str, code: str) -> str:
    """Return what stands for a class: "cn-national:event.0102"; without a kind (an observed class) "platform:name"."""
    return f"{scheme}:{kind}.{code}" if kind else f"{scheme}:{code}"
