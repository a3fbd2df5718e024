import Application
import CLibass
import Domain

/// Measures text with libass itself: the library that will draw it, with the fonts that it will use.
///
/// Not for use by several threads; make one for each piece of work.
final class LibassMeasurer: TextMeasurer {
    private struct Question: Hashable {
        let lines: [[String]]
        let face: Typeface
    }

    /// A canvas so large that no text is cut off; its size costs nothing.
    private static let canvas = PictureSize(width: 16384, height: 8192)

    private let library: OpaquePointer
    private let renderer: OpaquePointer
    private var answers: [Question: [[InkBox?]]] = [:]

    init() throws {
        guard let library = ass_library_init() else { throw PortError.unavailable("libass could not start") }
        ass_set_message_cb(library, { _, _, _, _ in }, nil)
        guard let renderer = ass_renderer_init(library) else {
            ass_library_done(library)
            throw PortError.unavailable("libass could not start")
        }
        self.library = library
        self.renderer = renderer
        ass_set_frame_size(renderer, Int32(Self.canvas.width), Int32(Self.canvas.height))
        // As ffmpeg's filter does it, so that the same fonts are chosen.
        ass_set_fonts(renderer, nil, nil, 1, nil, 1)
    }

    deinit {
        ass_renderer_done(renderer)
        ass_library_done(library)
    }

    func measure(_ lines: [[CaptionToken]], in face: Typeface) throws -> [[InkBox?]] {
        let question = Question(
            lines: lines.map { line in line.map { ($0.spaced ? " " : "") + $0.text } }, face: face)
        if let answer = answers[question] { return answer }
        let answer = try draw(lines, in: face)
        answers[question] = answer
        return answer
    }

    /// Draws every token in a colour of its own, and finds the tokens by their colours.
    private func draw(_ lines: [[CaptionToken]], in face: Typeface) throws -> [[InkBox?]] {
        let (middleX, middleY) = (Self.canvas.width / 2, Self.canvas.height / 2)
        let white = CaptionTemplate.Colour(red: 255, green: 255, blue: 255)
        let script =
            CaptionScript.header(Self.canvas, font: face.family, bold: face.bold, text: white, outline: white)
            + CaptionScript.event(
                layer: 0, TimeSpan(start: 0, end: 10),
                "{\\pos(\(middleX),\(middleY))\\fs\(face.size)\\bord0\\shad0}"
                    + CaptionScript.text(lines) { "{\\1c&H\(String(0x10000 + $0, radix: 16))&}" }) + "\n"
        var bytes = Array(script.utf8CString)
        let track = bytes.withUnsafeMutableBufferPointer { buffer in
            ass_read_memory(library, buffer.baseAddress, buffer.count - 1, nil)
        }
        guard let track else { throw PortError.unavailable("libass could not read a script") }
        defer { ass_free_track(track) }

        let count = lines.reduce(0) { $0 + $1.count }
        var boxes = [InkBox?](repeating: nil, count: count)
        var image = ass_render_frame(renderer, track, 1000, nil)
        while let current = image?.pointee {
            // Red, green, blue, transparency; ours is blue = 1, then green and red as the number of the token.
            let token = Int(current.color >> 24 & 0xFF | current.color >> 8 & 0xFF00)
            if current.color >> 8 & 0xFF == 1, token < count, let ink = Self.ink(of: current) {
                let box = ink.moved(x: -Double(middleX), y: -Double(middleY))
                boxes[token] = boxes[token]?.union(box) ?? box
            }
            image = UnsafeMutablePointer(current.next)
        }
        var rest = boxes[...]
        return lines.map { line in
            defer { rest = rest.dropFirst(line.count) }
            return Array(rest.prefix(line.count))
        }
    }

    /// The least rectangle that holds all covered pixels: bitmaps are padded to the tiles they were drawn in.
    private static func ink(of image: ASS_Image) -> InkBox? {
        let (width, height, stride) = (Int(image.w), Int(image.h), Int(image.stride))
        guard let bitmap = image.bitmap else { return nil }
        var (left, right, top, bottom) = (width, -1, height, -1)
        for y in 0..<height {
            let row = bitmap + y * stride
            guard let first = (0..<width).first(where: { row[$0] > 0 }) else { continue }
            left = min(left, first)
            right = max(right, (first..<width).last { row[$0] > 0 } ?? first)
            top = min(top, y)
            bottom = y
        }
        guard right >= left else { return nil }
        return InkBox(
            left: Double(Int(image.dst_x) + left), top: Double(Int(image.dst_y) + top),
            right: Double(Int(image.dst_x) + right + 1), bottom: Double(Int(image.dst_y) + bottom + 1))
    }
}
