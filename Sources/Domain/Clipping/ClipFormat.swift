/// The shape of a rendered clip.
public enum ClipFormat: String, CaseIterable, Sendable {
    /// 9:16, 1080×1920.
    case vertical
    /// 1:1, 1080×1080.
    case square
    /// 4:5, 1080×1350.
    case portrait
    /// 16:9, 1920×1080.
    case landscape
    /// The source's own size, made even.
    case original

    /// The size of the picture for a source of `source` pixels.
    public func size(for source: PictureSize) -> PictureSize {
        switch self {
        case .vertical: PictureSize(width: 1080, height: 1920)
        case .square: PictureSize(width: 1080, height: 1080)
        case .portrait: PictureSize(width: 1080, height: 1350)
        case .landscape: PictureSize(width: 1920, height: 1080)
        // H.264 with 4:2:0 chroma needs even sides.
        case .original: PictureSize(width: max(2, source.width & ~1), height: max(2, source.height & ~1))
        }
    }
}
