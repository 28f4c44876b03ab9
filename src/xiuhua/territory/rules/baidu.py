"""BD-09 Mercator: the metres in which Baidu's maps draw BD-09 degrees.

Baidu publishes the transformation (its map script for browsers) as polynomials of the sixth degree over bands of
latitude, one set each way. The numbers are facts of that publication; both sets are here because the set that leads
back only comes close: our way back starts from it and is then iterated against the way forward.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

#: Lower edges of the bands: degrees of latitude, and metres of northing. Rows of the tables below follow them.
_LATITUDES = np.array([75.0, 60.0, 45.0, 30.0, 15.0, 0.0])
_NORTHINGS = np.array([12890594.86, 8362377.87, 5591021.0, 3481989.83, 1678043.12, 0.0])


def _table(numbers: str) -> Floats:
    return np.array(numbers.split(), dtype=np.float64).reshape(6, 10)


#: To metres: x = c0 + c1·|lon|; y = Σ c(2+k)·(|lat| / c9)^k, k = 0 … 6.
_TO_METRES = _table(
    """
    -0.0015702102444 111320.7020616939 1704480524535203.0 -1.033898737604234e+16 2.611266785660388e+16
      -3.51496691766537e+16 2.659570071840392e+16 -1.072501245418824e+16 1800819912950474.0 82.5
    0.0008277824516172526 111320.7020463578 647795574.6671607 -4082003173.641316 10774905663.51142
      -15171875531.51559 12053065338.62167 -5124939663.577472 913311935.9512032 67.5
    0.00337398766765 111320.7020202162 4481351.045890365 -23393751.19931662 79682215.47186455
      -115964993.2797253 97236711.15602145 -43661946.33752821 8477230.501135234 52.5
    0.00220636496208 111320.7020209128 51751.86112841131 3796837.749470245 992013.7397791013
      -1221952.21711287 1340652.697009075 -620943.6990984312 144416.9293806241 37.5
    -0.0003441963504368392 111320.7020576856 278.2353980772752 2485758.690035394 6070.750963243378
      54821.18345352118 9540.606633304236 -2710.55326746645 1405.483844121726 22.5
    -0.0003218135878613132 111320.7020701615 0.00369383431289 823725.6402795718 0.46104986909093
      2351.343141331292 1.58060784298199 8.77738589078284 0.37238884252424 7.45
    """
)
#: To degrees, of the same form.
_TO_DEGREES = _table(
    """
    1.410526172116255e-08 8.98305509648872e-06 -1.9939833816331 200.9824383106796 -187.2403703815547
      91.6087516669843 -23.38765649603339 2.57121317296198 -0.03801003308653 17337981.2
    -7.435856389565537e-09 8.983055097726239e-06 -0.78625201886289 96.32687599759846 -1.85204757529826
      -59.36935905485877 47.40033549296737 -16.50741931063887 2.28786674699375 10260144.86
    -3.030883460898826e-08 8.98305509983578e-06 0.30071316287616 59.74293618442277 7.357984074871
      -25.38371002664745 13.45380521110908 -3.29883767235584 0.32710905363475 6856817.37
    -1.981981304930552e-08 8.983055099779535e-06 0.03278182852591 40.31678527705744 0.65659298677277
      -4.44255534477492 0.85341911805263 0.12923347998204 -0.04625736007561 4482777.06
    3.09191371068437e-09 8.983055096812155e-06 6.995724062e-05 23.10934304144901 -0.00023663490511
      -0.6321817810242 -0.00663494467273 0.03430082397953 -0.00466043876332 2555164.4
    2.890871144776878e-09 8.983055095805407e-06 -3.068298e-08 7.47137025468032 -3.53937994e-06
      -0.02145144861037 -1.234426596e-05 0.00010322952773 -3.23890364e-06 826088.5
    """
)
#: The published way back is good to a few decimetres and each round leaves next to nothing of its error.
_ROUNDS = 4


def _apply(x: Floats, y: Floats, edges: Floats, table: Floats) -> tuple[Floats, Floats]:
    """Return the polynomials of the band that |y| lies in, with the signs of x and y."""
    size = np.abs(np.nan_to_num(y))
    rows = table[np.argmax(size[..., None] >= edges, axis=-1)]
    along = rows[..., 0] + rows[..., 1] * np.abs(x)
    part = np.abs(y) / rows[..., 9]
    across = rows[..., 8]
    for power in range(7, 1, -1):
        across = across * part + rows[..., power]
    return np.copysign(along, x), np.copysign(across, y)


def to_metres(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Return BD-09 degrees as BD-09 Mercator metres (easting, northing)."""
    return _apply(lon, lat, _LATITUDES, _TO_METRES)


def to_degrees(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Return BD-09 Mercator metres as BD-09 degrees, such that `to_metres` leads back within a millimetre."""
    lon, lat = first_lon, first_lat = _apply(x, y, _NORTHINGS, _TO_DEGREES)
    for _round in range(_ROUNDS):
        again_lon, again_lat = _apply(*to_metres(lon, lat), _NORTHINGS, _TO_DEGREES)
        lon, lat = lon + (first_lon - again_lon), lat + (first_lat - again_lat)
    return lon, lat
