"""Files by their content."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from xiuhua.files.words import Kind
from xiuhua.kernel.models import Tenant

SHA256 = 64
PHASH = 16


class StoredFile(models.Model):
    """One content that an office holds, addressed by its SHA-256; the bytes lie in the store.

    No name and no text of the camera is kept: what a file is called is the word of whoever refers to it.
    """

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=SHA256)
    size = models.BigIntegerField()
    media_type = models.CharField(max_length=100)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    #: As people see it, turned upright; empty for what is no picture.
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    #: Perceptual hash in hexadecimal, and its four quarters as numbers: near hashes share a near quarter.
    phash = models.CharField(max_length=PHASH, blank=True)
    quarter_a = models.IntegerField(null=True)
    quarter_b = models.IntegerField(null=True)
    quarter_c = models.IntegerField(null=True)
    quarter_d = models.IntegerField(null=True)
    #: The device's word, unproven; `taken_assumed`: it named no offset, its wall clock was read in the office's zone.
    taken_at = models.DateTimeField(null=True)
    taken_assumed = models.BooleanField(default=False)
    #: The device's word too, WGS-84 degrees.
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "sha256"], name="file_content_once")]
        indexes: ClassVar = [
            models.Index(fields=["tenant", f"quarter_{letter}"], name=f"file_quarter_{letter}") for letter in "abcd"
        ]

    def __str__(self) -> str:
        return self.short

    @property
    def short(self) -> str:
        """Return the beginning of the digest, as it is burnt into display copies."""
        return self.sha256[:12]


class Upload(models.Model):
    """A photo on its way: it arrives in pieces over a bad line and goes on where it stopped."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="+")
    #: Made by the client, once per photo.
    client_uuid = models.UUIDField()
    #: What the client says it will send.
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=SHA256)
    name = models.CharField(max_length=200, blank=True)
    #: Bytes that are safely on the disk.
    received = models.BigIntegerField(default=0)
    by = models.CharField(max_length=100)
    expires_at = models.DateTimeField(db_index=True)
    #: What it became.
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "client_uuid"], name="upload_once")]

    def __str__(self) -> str:
        return str(self.client_uuid)
