"""Words of the content store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import TextChoices

from xiuhua.kernel.words import Refusal
from xiuhua.kernel.words import marked as _

#: Pixels of the largest photo that is decoded; more is a bomb or a scanner, and neither is evidence.
MAX_PIXELS = 50_000_000
#: The same for WEBP, whose decoder holds four copies of the picture: at 25 MP a worker still lives in 512 MB.
MAX_WEBP_PIXELS = 25_000_000
#: Longest side of the copies that are shown, in pixels.
THUMB_SIDE = 320
SCREEN_SIDE = 1600


class Kind(TextChoices):
    """What a stored file is kept as."""

    PHOTO = "photo", _("照片")
    DOCUMENT = "document", _("文件")


class Variant(TextChoices):
    """What of a photo is looked at. All but the original are encoded by us and carry nothing but pixels."""

    THUMB = "thumb", _("缩略图")
    SCREEN = "screen", _("屏幕图")
    DISPLAY = "display", _("带水印的展示图")
    ORIGINAL = "original", _("原件")


@dataclass(frozen=True, slots=True)
class Shot:
    """What a photo's own data says of how it was taken: the device's word, unproven.

    `taken_at` is None where nothing legible is said; `assumed` means that the device named no offset, so that its wall
    clock was read in the office's zone. Degrees are WGS-84.
    """

    taken_at: datetime | None = None
    assumed: bool = False
    lon: float | None = None
    lat: float | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo that passed the examination: what it is, its size as people see it (turned upright), its hash.

    `phash` is 16 hexadecimal digits, empty for a picture of one colour: it would be like every other of that kind.
    """

    media_type: str
    width: int
    height: int
    phash: str
    shot: Shot


@dataclass(frozen=True, slots=True)
class Address:
    """What a signed address lets whom see, until when. `audience` is "user:<key>" or "tenant".

    `about` names what the photo belongs to ("evidence:17"): the door that serves it asks there who may see it and what is
    burnt into it. Nothing of that stands in the address, which servers write into their logs.
    """

    file: int
    variant: Variant
    until: datetime
    audience: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """A photo as warnings look at it: the device's word beside our own clock's. Moments are UTC, degrees WGS-84."""

    received_at: datetime
    taken_at: datetime | None = None
    lon: float | None = None
    lat: float | None = None


@dataclass(frozen=True, slots=True)
class Tolerances:
    """How far the device's word may be off before a warning is worth its ink: an office's choice."""

    #: Between the device's clock and ours.
    clock: timedelta
    #: Between the photo's place and the case's.
    metres: float
    #: Between two photos of one person.
    kilometres_per_hour: float


class FileRefused(Refusal):
    """A file that is not kept. Subclasses say why and what to do."""

    code = "files.refused"


class FileEmpty(FileRefused):
    """No bytes."""

    code = "files.empty"
    sentence = _("这个文件是空的，可能没有传完；请重新选一次。")


class FileLarge(FileRefused):
    """More bytes than are taken."""

    code = "files.too_large"
    sentence = _("文件超过 %(limit)s MB；请用手机自带的压缩，或选较低的分辨率再拍。")


class PhotoUnknown(FileRefused):
    """Not a picture of a kind that is taken, whatever its name says."""

    code = "files.not_a_photo"
    sentence = _("这不是能收的照片。收 JPEG、PNG、WEBP 和 HEIC；请用手机相机直接拍，或另存为 JPEG 再传。")


class PhotoMisnamed(FileRefused):
    """The content is one kind of picture and the name says another."""

    code = "files.misnamed"
    sentence = _("文件名说是“%(named)s”，内容却是 %(found)s。请不要改后缀；从相册里重新选原来的照片。")


class PhotoVast(FileRefused):
    """More pixels than are decoded."""

    code = "files.too_many_pixels"
    sentence = _("照片有 %(found)s 万像素，最多收 %(limit)s 万；请在相机设置里选较低的分辨率再拍。")


class PhotoDamaged(FileRefused):
    """It begins like a picture and cannot be read to its end."""

    code = "files.damaged"
    sentence = _("照片坏了或者没有传完，打不开；请重新选这张照片，或再拍一张。")


class NoRoom(FileRefused):
    """The disk is full: nothing was kept."""

    code = "files.no_room"
    sentence = _("服务器的存储空间满了，这个文件没有保存。请留着原件，通知管理员后再传。")


class NotKept(NoRoom):
    """The disk refused for another reason: nothing was kept."""

    code = "files.not_kept"
    sentence = _("服务器没能把文件写进磁盘（%(reason)s），这个文件没有保存。请留着原件，通知管理员后再传。")


class ContentMissing(Refusal):
    """A file is on record and its bytes are not on the disk."""

    code = "files.missing"
    sentence = _("记录在，内容却不在磁盘上（%(sha256)s）。请通知管理员从备份恢复；重新上传同一个文件也能补上。")


class UploadUnknown(Refusal):
    """No such upload of this person, or it has expired."""

    code = "upload.unknown"
    sentence = _("没有这次上传，或者它已经过期；请重新开始传这张照片。")


class UploadTaken(Refusal):
    """The same number was begun with other content or by somebody else."""

    code = "upload.taken"
    sentence = _("这个上传编号已经用于别的照片；请换一个编号重新开始。")


class UploadMalformed(Refusal):
    """The digest is none."""

    code = "upload.malformed"
    sentence = _("校验值应是 64 位小写十六进制的 SHA-256。")


class UploadOffset(Refusal):
    """The piece does not begin where the last one ended."""

    code = "upload.offset"
    sentence = _("已收到 %(expected)s 字节，请从这里接着传（共 %(size)s 字节）。")


class UploadLong(Refusal):
    """More than was announced."""

    code = "upload.long"
    sentence = _("传来的比开始时说的 %(size)s 字节多；请重新开始传这张照片。")


class UploadBroken(Refusal):
    """What arrived is not what was announced."""

    code = "upload.broken"
    sentence = _("收到的内容与开始时给的校验值不符，已作废；请从头再传这张照片。")
