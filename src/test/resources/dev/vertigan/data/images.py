"""Writes images.txt: small image files of every kind, and their pixels as PIL decodes them (libjpeg-turbo, libwebp).

Run as `python3 images.py > images.txt`; needs PIL (made with 9.4.0, libjpeg-turbo 2.1.5) and libjpeg-turbo's cjpeg.
A line is a name, the file and the red, green and blue of its pixels [17, 17, 3], deflated, both in base64; `=` stands for the pixels of the line above.
"""
import base64
import io
import math
import random
import struct
import subprocess
import zlib

from PIL import Image, ImageCms, ImageOps

SIDE = 17
last = None


def photo(noise, steep):
    chance = random.Random(1)
    waves = [(chance.uniform(0, 6), chance.uniform(0, steep), chance.uniform(0, steep)) for _ in range(3)]
    image = Image.new('RGB', (SIDE, SIDE))
    image.putdata([tuple(max(0, min(255, int(128 + 90 * math.sin(a + x * p + y * q) + chance.randint(-noise, noise)))) for a, p, q in waves)
                   for y in range(SIDE) for x in range(SIDE)])
    return image


def emit(name, data):
    global last
    image = ImageOps.exif_transpose(Image.open(io.BytesIO(data)))
    if image.mode == 'RGBA':
        pixels = bytes(math.floor(level * pixel[3] / 255 + 255 - pixel[3] + .5) for pixel in image.getdata() for level in pixel[:3])
    else:
        pixels = image.convert('RGB').tobytes()
    text = '=' if pixels == last else base64.b64encode(zlib.compress(pixels, 9)).decode()
    last = pixels
    print(name, base64.b64encode(data).decode(), text)


def encoded(image, kind, **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def jpeg(image, **options):
    return encoded(image, 'JPEG', **{'quality': 85, 'optimize': True, **options})


def cjpeg(*options):
    ppm = b'P6 %d %d 255\n' % (SIDE, SIDE) + PHOTO.tobytes()
    return subprocess.run(['cjpeg', '-quality', '85', '-optimize', *options], input=ppm, capture_output=True, check=True).stdout


def segments(data):
    at, found = 2, []
    while data[at + 1] != 0xDA:
        length = struct.unpack('>H', data[at + 2:at + 4])[0]
        found.append((data[at + 1], data[at + 4:at + 2 + length]))
        at += 2 + length
    return found, data[at:]


def joined(found, rest):
    return b'\xff\xd8' + b''.join(bytes([0xFF, marker]) + struct.pack('>H', len(content) + 2) + content for marker, content in found) + rest


def without(data, *markers):
    found, rest = segments(data)
    return joined([segment for segment in found if segment[0] not in markers], rest)


def begun(data, marker, content):
    found, rest = segments(data)
    return joined([(marker, content)] + found, rest)


def named(data, ids):
    """Other component ids, of a file with one scan."""
    found, rest = segments(data)
    frame = dict(found)[0xC0]
    frame = frame[:6] + b''.join(bytes([name]) + frame[7 + 3 * i:9 + 3 * i] for i, name in enumerate(ids))
    found = [(marker, frame if marker == 0xC0 else content) for marker, content in found]
    scan = rest[:5] + b''.join(bytes([name]) + rest[6 + 2 * i:7 + 2 * i] for i, name in enumerate(ids)) + rest[5 + 2 * len(ids):]
    return joined(found, scan)


def exif(orientation, big):
    order = '>' if big else '<'
    return (b'MM' if big else b'II') + struct.pack(order + 'HIHHHIHHI', 42, 8, 1, 0x112, 3, 1, orientation, 0, 0)


def adobe(transform):
    return b'Adobe\0\x64\0\0\0\0' + bytes([transform])


def grey_profile():
    """The shortest that is one: grey, with a curve far from sRGB's."""
    curve = b'curv\0\0\0\0' + struct.pack('>IHH', 1, 0x0500, 0)
    white = b'XYZ \0\0\0\0' + struct.pack('>iii', 63190, 65536, 54061)
    text = b'desc\0\0\0\0' + struct.pack('>I', 2) + b'g\0' + bytes(79 + 1)
    table = struct.pack('>I', 3) + b'desc' + struct.pack('>II', 168, len(text)) + b'wtpt' + struct.pack('>II', 168 + len(text), len(white))
    table += b'kTRC' + struct.pack('>II', 168 + len(text) + len(white), len(curve))
    body = table + text + white + curve
    head = struct.pack('>I', 128 + len(body)) + b'lcms\x02\x10\0\0mntrGRAYXYZ ' + struct.pack('>6H', 2026, 1, 1, 0, 0, 0) + b'acsp'
    head += bytes(28) + struct.pack('>iii', 63190, 65536, 54061)
    return head + bytes(128 - len(head)) + body


def bmp(width, height, bits, compression, palette, masks, rows):
    head = struct.pack('<IiiHHIIiiII', 40, width, height, 1, bits, compression, len(rows), 2835, 2835, len(palette) // 4, 0)
    start = 14 + len(head) + len(masks) + len(palette)
    return b'BM' + struct.pack('<IHHI', start + len(rows), 0, 0, start) + head + masks + palette + rows


PHOTO = photo(25, .4)
SMOOTH = photo(0, .1)
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile('sRGB')).tobytes()

for progressive in (False, True):
    for sampling in (0, 1, 2):
        emit(f'jpeg-subsampling{sampling}{"-progressive" if progressive else ""}', jpeg(PHOTO, subsampling=sampling, progressive=progressive))
for sample in ('1x2', '4x1', '1x4', '4x2', '2x4', '3x1', '2x2,2x1,1x2', '2x2,1x2,2x1', '1x1,2x1,1x1'):
    emit('jpeg-sample-' + sample, cjpeg('-sample', sample))
emit('jpeg-restart', cjpeg('-restart', '1'))
emit('jpeg-rgb', cjpeg('-rgb'))
emit('jpeg-tables-of-16-bits', cjpeg('-quality', '5'))
emit('jpeg-grey', jpeg(PHOTO.convert('L')))
emit('jpeg-grey-progressive', jpeg(PHOTO.convert('L'), progressive=True))

for sampling in (0, 2):
    plain = jpeg(PHOTO, subsampling=sampling)
    bare = without(plain, 0xE0)
    emit(f'jpeg-jfif-{sampling}', plain)
    emit(f'jpeg-bare-{sampling}', bare)
    for ids in ([0, 1, 2], [1, 34, 35], list(b'YCc'), list(b'rgb'), [3, 2, 1], [1, 1, 1]):
        emit(f'jpeg-bare-ids-{"-".join(map(str, ids))}-{sampling}', named(bare, ids))
    emit(f'jpeg-jfif-ids-RGB-{sampling}', named(plain, b'RGB'))
    emit(f'jpeg-jfif-adobe-0-{sampling}', begun(plain, 0xEE, adobe(0)))
    emit(f'jpeg-adobe-1-{sampling}', begun(bare, 0xEE, adobe(1)))
    emit(f'jpeg-adobe-2-{sampling}', begun(bare, 0xEE, adobe(2)))
    emit(f'jpeg-bare-ids-RGB-{sampling}', named(bare, b'RGB'))
    emit(f'jpeg-adobe-0-{sampling}', begun(bare, 0xEE, adobe(0)))
plain = jpeg(PHOTO)
emit('jpeg-plain', plain)
emit('jpeg-profile-of-grey', begun(plain, 0xE2, b'ICC_PROFILE\0\1\1' + grey_profile()))
emit('jpeg-profile-cut', begun(plain, 0xE2, b'ICC_PROFILE\0\1\1' + SRGB[:150]))
emit('jpeg-profile-misnumbered', begun(plain, 0xE2, b'ICC_PROFILE\0\3\2' + grey_profile()))
emit('jpeg-profile-twice', begun(begun(plain, 0xE2, b'ICC_PROFILE\0\1\1' + grey_profile()), 0xE2, b'ICC_PROFILE\0\1\1' + grey_profile()))
emit('jpeg-thumbnail-broken', begun(plain, 0xE0, b'JFXX\0\x10\xff\xd8\xff'))
emit('jpeg-comment', begun(plain, 0xFE, b'hello'))
emit('jpeg-photoshop', begun(plain, 0xED, b'Photoshop 3.0\0' + bytes(20)))
emit('jpeg-more-behind', plain + bytes(50))
emit('jpeg-grey-profile', begun(jpeg(PHOTO.convert('L')), 0xE2, b'ICC_PROFILE\0\1\1' + grey_profile()))
for orientation in range(1, 9):
    emit(f'jpeg-orientation-{orientation}', begun(plain, 0xE1, b'Exif\0\0' + exif(orientation, orientation % 2 == 0)))

inks = PHOTO.convert('CMYK')
inks.putdata([(c, m, y, 13 * i % 256) for i, (c, m, y, _) in enumerate(inks.getdata())])
emit('jpeg-cmyk', jpeg(inks))
emit('jpeg-cmyk-bare', without(jpeg(inks), 0xEE))
emit('jpeg-cmyk-profile', begun(jpeg(inks), 0xE2, b'ICC_PROFILE\0\1\1' + grey_profile()))
emit('jpeg-ycck', begun(without(jpeg(inks), 0xEE), 0xEE, adobe(2)))

emit('bmp-24', encoded(PHOTO, 'BMP'))
emit('bmp-8', encoded(PHOTO.quantize(20), 'BMP'))
emit('bmp-grey', encoded(PHOTO.convert('L'), 'BMP'))
emit('bmp-1', encoded(PHOTO.convert('1'), 'BMP'))
lines = b''.join(bytes(bits for x in range(1, 2 * SIDE, 2) for bits in ((3 * x * y + x) & 0xFF, (x * x + y) & 0x7F)) + bytes(2) for y in range(SIDE))
emit('bmp-555', bmp(SIDE, SIDE, 16, 0, b'', b'', lines))
emit('bmp-565', bmp(SIDE, SIDE, 16, 3, b'', struct.pack('<III', 0xF800, 0x7E0, 0x1F), lines))
colours = b''.join(bytes([17 * i, 255 - 3 * i, i * i, 0]) for i in range(16))
emit('bmp-4', bmp(SIDE, SIDE, 4, 0, colours, b'', bytes((x * y + 7 * x) & 0xFF if x < 9 else 0 for y in range(SIDE) for x in range(12))))
emit('bmp-top-down', bmp(SIDE, -SIDE, 4, 0, colours, b'', bytes((x * y + 7 * x) & 0xFF if x < 9 else 0 for y in range(SIDE) for x in range(12))))
emit('bmp-rle8', bmp(SIDE, SIDE, 8, 1, colours, b'', b''.join(bytes([5, y % 16, 10, 15 - y % 15, 0, 0]) if y % 2 else
                     bytes([0, 5, 1, 2, 3, 4, y % 16, 0, 12, 9, 0, 0]) for y in range(SIDE)) + b'\0\1'))

emit('webp-lossless', encoded(PHOTO, 'WEBP', lossless=True))
emit('webp-profile', encoded(PHOTO, 'WEBP', lossless=True, icc_profile=SRGB))
emit('webp-palette', encoded(PHOTO.quantize(5).convert('RGB'), 'WEBP', lossless=True))
emit('webp-orientation-6', encoded(PHOTO, 'WEBP', lossless=True, exif=b'Exif\0\0' + exif(6, False)))
emit('webp-orientation-8', encoded(PHOTO, 'WEBP', lossless=True, exif=exif(8, True)))
clear = PHOTO.copy()
clear.putalpha(PHOTO.convert('L'))
emit('webp-transparent', encoded(clear, 'WEBP', lossless=True, exact=True))
emit('webp-lossy', encoded(SMOOTH, 'WEBP', quality=90))
