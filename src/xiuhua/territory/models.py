"""Where: one tree of territories whose names, parents and outlines have dates."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from xiuhua.kernel.models import Tenant


class Territory(models.Model):
    """A place that answers for itself: a street, a community, a grid. What changes with time is in its versions."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="+")
    #: A string, never a number: official codes have leading zeros and 6 to 20 digits.
    code = models.CharField(max_length=60)
    #: A word of the tenant's own: "street", "community", "grid", "neighbourhood".
    level = models.SlugField(max_length=40)
    #: False for a territory that an import observed by name and nobody has confirmed.
    confirmed = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "code"], name="territory_code_once")]

    def __str__(self) -> str:
        return f"{self.level} {self.code}"


class TerritoryVersion(models.Model):
    """A territory from one day (inclusive) to another (exclusive); empty ends are open."""

    territory = models.ForeignKey(Territory, on_delete=models.CASCADE, related_name="versions")
    parent = models.ForeignKey(Territory, on_delete=models.PROTECT, null=True, related_name="child_versions")
    name = models.CharField(max_length=100)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    #: (Multi)Polygon as WKB in WGS-84 (longitude, latitude), repaired; empty where nobody drew an outline.
    outline = models.BinaryField(null=True)
    min_lon = models.FloatField(null=True)
    min_lat = models.FloatField(null=True)
    max_lon = models.FloatField(null=True)
    max_lat = models.FloatField(null=True)
    area_m2 = models.BigIntegerField(null=True)
    #: The coordinate system the outline came in: wgs84, gcj02 or bd09.
    crs = models.CharField(max_length=10, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["territory", "valid_from"], name="territory_version_from")]

    def __str__(self) -> str:
        return self.name


class TerritoryName(models.Model):
    """A name somebody uses for a territory: its own, an alias, an old one. `folded` is what is compared."""

    territory = models.ForeignKey(Territory, on_delete=models.CASCADE, related_name="names")
    name = models.CharField(max_length=100)
    folded = models.CharField(max_length=100, db_index=True)
    alias = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["territory", "folded"], name="territory_name_once")]

    def __str__(self) -> str:
        return self.name


class ExternalCode(models.Model):
    """The code by which another system knows a territory."""

    territory = models.ForeignKey(Territory, on_delete=models.CASCADE, related_name="external_codes")
    system = models.SlugField(max_length=40)
    code = models.CharField(max_length=60, db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["territory", "system", "code"], name="external_code_once")
        ]

    def __str__(self) -> str:
        return f"{self.system}:{self.code}"


class Succession(models.Model):
    """On `day` the ground of one territory passed, whole or in part, to another; history itself is never rewritten."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="+")
    predecessor = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="passed_to")
    successor = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="came_from")
    day = models.DateField()
    #: A SuccessionKind that links: code_change, merge or split.
    kind = models.CharField(max_length=20)
    #: The document or decision behind it.
    basis = models.CharField(max_length=300, blank=True)
    #: Square metres that both have in common, where both are drawn.
    shared_m2 = models.BigIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["predecessor", "successor", "day"], name="succession_once")
        ]

    def __str__(self) -> str:
        return f"{self.predecessor_id} → {self.successor_id}"


class Redraw(models.Model):
    """One change of an outline by hand, with what is needed to take it back exactly."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="+")
    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="redraws")
    #: The version that carries the new outline; empty once it was undone and the version was taken away.
    version = models.ForeignKey(TerritoryVersion, on_delete=models.SET_NULL, null=True, related_name="+")
    #: The version that was closed for it; empty where the outline was corrected in place.
    closed = models.ForeignKey(TerritoryVersion, on_delete=models.SET_NULL, null=True, related_name="+")
    closed_until = models.DateField(null=True)
    #: What stood before in the version that was corrected in place.
    outline = models.BinaryField(null=True)
    fields = models.JSONField(default=dict)
    #: Digest of the outline that was saved: a later hand shows.
    saved = models.CharField(max_length=64)
    at = models.DateTimeField()
    actor = models.CharField(max_length=100)
    reason = models.CharField(max_length=500)
    undone_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.territory_id} {self.at:%Y-%m-%d}"


class Site(models.Model):
    """A place that inspectors know by name: a market, a lane, a river bank. Point, line or area."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=60)
    name = models.CharField(max_length=100)
    #: Code of a type of the tenant's pack of kind `sites`.
    type = models.CharField(max_length=20, db_index=True)
    #: The finest territory it lies in, by its geometry or as the file says; empty where neither tells.
    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, null=True, related_name="sites")
    #: (Multi)Point, (Multi)LineString or (Multi)Polygon as WKB in WGS-84 (longitude, latitude).
    geometry = models.BinaryField()
    min_lon = models.FloatField()
    min_lat = models.FloatField()
    max_lon = models.FloatField()
    max_lat = models.FloatField()
    #: How many metres around a point or a line still count as at the site; without meaning for an area.
    reach_m = models.PositiveIntegerField()
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    #: False for a site that somebody reported and nobody has confirmed.
    confirmed = models.BooleanField(default=True)
    #: The coordinate system it came in: wgs84, gcj02 or bd09.
    crs = models.CharField(max_length=10)
    #: Other names of the site.
    aliases: Any = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "code"], name="site_code_once")]

    def __str__(self) -> str:
        return self.name
