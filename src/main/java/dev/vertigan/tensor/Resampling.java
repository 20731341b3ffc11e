package dev.vertigan.tensor;

/// How an image's extents are doubled or halved.
public enum Resampling {

    /// Each pixel becomes four alike; four become their mean.
    NEAREST,

    /// Each new pixel lies ¼ from the nearest old one and takes ¾ of it and ¼ of the next, along each axis; beyond the border the outermost
    /// pixels repeat.
    BILINEAR
}
