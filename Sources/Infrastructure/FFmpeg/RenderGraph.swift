import Domain

/// Writes the filters that turn a source's pictures into a clip's: one graph, one decode, one encode.
///
/// Only numbers and names of our own get into it; no text and no path that comes from a person.
struct RenderGraph {
    let picture: FFprobeReport.Stream
    let shown: PictureSize
    let target: PictureSize
    let plan: ReframePlan
    let settings: EncoderSettings
    /// The name of the caption script in the folder where ffmpeg starts; nil for no captions.
    let captions: String?

    /// The graph from `[0:V:0]` to its only outlet, which is yet to be named.
    var filters: String {
        "[0:V:0]\(regular)\(reframed)" + (captions.map { ",ass=\($0)" } ?? "")
            + ",format=yuv420p,setparams=range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709"
    }

    /// Whole pictures at an even rate.
    private var regular: String {
        (picture.isInterlaced ? "bwdif=mode=send_frame," : "") + "fps=\(settings.frameRate):start_time=0,"
    }

    private var reframed: String {
        let runs = self.runs
        guard runs.count > 1 else { return layout(runs.first ?? [], label: "w") }
        // Each run is cut out, laid out by itself and put back in line, so that every frame is worked on once.
        let pieces = runs.enumerated().map { number, run in
            "[in\(number)]\(trim(run, isFirst: number == 0, isLast: number == runs.count - 1)),"
                + "\(layout(run, label: "w\(number)")),format=yuv420p,setpts=PTS-STARTPTS[out\(number)]"
        }
        let inlets = runs.indices.map { "[in\($0)]" }.joined()
        let outlets = runs.indices.map { "[out\($0)]" }.joined()
        return
            "split=\(runs.count)\(inlets);\(pieces.joined(separator: ";"));\(outlets)concat=n=\(runs.count)"
    }

    /// The shots, those that follow each other with the same layout together.
    private var runs: [ArraySlice<ReframePlan.Shot>] {
        var runs: [ArraySlice<ReframePlan.Shot>] = []
        for index in plan.shots.indices {
            if let last = runs.last, last.last?.isWhole == plan.shots[index].isWhole {
                runs[runs.count - 1] = plan.shots[last.startIndex...index]
            } else {
                runs.append(plan.shots[index...index])
            }
        }
        return runs
    }

    private func layout(_ run: ArraySlice<ReframePlan.Shot>, label: String) -> String {
        run.first?.isWhole == true ? wholeOverBlur(label) : window(run)
    }

    /// The frames of a run: those whose time, which may be rounded, is nearest to it.
    private func trim(_ run: ArraySlice<ReframePlan.Shot>, isFirst: Bool, isLast: Bool) -> String {
        let early = settings.frameDuration / 2
        let start = isFirst ? nil : run.first.map { "start=\(fixed($0.span.start - early))" }
        let end = isLast ? nil : run.last.map { "end=\(fixed($0.span.end - early))" }
        return "trim=" + [start, end].compactMap(\.self).joined(separator: ":")
    }

    // MARK: The window

    /// The part of the picture that the window shows, at the clip's size.
    private func window(_ shots: ArraySlice<ReframePlan.Shot>) -> String {
        let place = position(shots)
        let cut =
            switch plan.axis {
            case _ where plan.extent >= 0.999: ""
            case .horizontal: "crop=w='floor(iw*\(fixed(plan.extent))/2)*2':h=ih:x='iw*(\(place))':y=0,"
            case .vertical: "crop=w=iw:h='floor(ih*\(fixed(plan.extent))/2)*2':x=0:y='ih*(\(place))',"
            }
        return cut + scaled(to: target) + toneMapped
    }

    /// Where the window stands as an expression of the time: the sum of all its moves and jumps so far.
    private func position(_ shots: ArraySlice<ReframePlan.Shot>) -> String {
        var terms: [String] = []
        var last: Double?
        for shot in shots {
            guard case .window(let path) = shot.framing, let first = path.points.first else { continue }
            if let from = last {
                let jump = first.position - from
                let early = shot.span.start - settings.frameDuration / 2
                if abs(jump) > 0.0001 { terms.append("\(fixed(jump))*gte(t,\(fixed(early)))") }
            } else {
                terms.append(fixed(first.position))
            }
            for (point, next) in zip(path.points, path.points.dropFirst()) where next.time > point.time {
                let move = next.position - point.position
                guard abs(move) > 0.0001 else { continue }
                terms.append(
                    "\(fixed(move))*clip((t-\(fixed(point.time)))/\(fixed(next.time - point.time)),0,1)")
            }
            last = path.points.last?.position
        }
        return terms.isEmpty ? "0" : sum(terms[...])
    }

    /// The sum of `terms`, halved again and again: ffmpeg refuses expressions that are nested a hundred deep, and
    /// takes a long plain sum for one.
    private func sum(_ terms: ArraySlice<String>) -> String {
        guard terms.count > 8 else { return terms.joined(separator: "+") }
        let middle = terms.startIndex + terms.count / 2
        return "(\(sum(terms[..<middle])))+(\(sum(terms[middle...])))"
    }

    // MARK: The whole picture

    /// The whole picture as large as it fits, over a dark blur of itself.
    private func wholeOverBlur(_ label: String) -> String {
        let fit = min(
            Double(target.width) / Double(shown.width), Double(target.height) / Double(shown.height))
        let front = PictureSize(
            width: even(Double(shown.width) * fit), height: even(Double(shown.height) * fit))
        // An eighth of the size is plenty for a blur, and 64 times quicker.
        let small = PictureSize(
            width: even(Double(target.width) / 8), height: even(Double(target.height) / 8))
        let cover = max(
            Double(small.width) / Double(shown.width), Double(small.height) / Double(shown.height))
        let back = PictureSize(
            width: even((Double(shown.width) * cover).rounded(.up) + 1),
            height: even((Double(shown.height) * cover).rounded(.up) + 1))
        return "split=2[\(label)1][\(label)2];"
            + "[\(label)1]scale=\(back.width):\(back.height):flags=area\(matrices),crop=\(small.width):\(small.height),"
            + "setsar=1\(toneMapped),format=yuv420p,gblur=sigma=5:steps=2,eq=brightness=-0.12:saturation=1.1,"
            + "scale=\(target.width):\(target.height):flags=bicubic,setsar=1[\(label)back];"
            + "[\(label)2]\(scaled(to: front))\(toneMapped),format=yuv420p[\(label)front];"
            + "[\(label)back][\(label)front]overlay=x=(W-w)/2:y=(H-h)/2:format=auto"
    }

    private func even(_ value: Double) -> Int { max(2, Int(nearest: min(value, 1e9) / 2) * 2) }

    // MARK: Size and colour

    private func scaled(to size: PictureSize) -> String {
        "scale=\(size.width):\(size.height):flags=bicubic\(matrices),setsar=1"
    }

    /// From the source's colour matrix to that of HD video.
    ///
    /// Files that do not state theirs mean BT.709 when they are HD and BT.601 when they are not, as players take
    /// them.
    private var matrices: String {
        guard !picture.isHighDynamicRange else { return "" }
        let rgb =
            picture.pix_fmt.map { $0.hasPrefix("rgb") || $0.hasPrefix("bgr") || $0.hasPrefix("gbr") } ?? false
        let stated =
            switch picture.color_space {
            case "bt709": "bt709"
            case "bt470bg", "smpte170m", "fcc": "bt601"
            case "smpte240m": "smpte240m"
            case "bt2020nc", "bt2020c": "bt2020"
            default: (picture.height ?? 0) >= 720 ? "bt709" : "bt601"
            }
        return (rgb ? "" : ":in_color_matrix=\(stated)") + ":out_color_matrix=bt709:out_range=tv"
    }

    /// High dynamic range is brought down after scaling, when there are fewer pixels; the rest was done by `scale`.
    private var toneMapped: String {
        guard picture.isHighDynamicRange else { return "" }
        // A file that is marked as HDR but leaves out the rest means BT.2020.
        func stated(_ name: String?, or assumed: String) -> String {
            name.flatMap { $0 == "unknown" || $0 == "reserved" ? nil : $0 } ?? assumed
        }
        return ",setparams=color_primaries=\(stated(picture.color_primaries, or: "bt2020"))"
            + ":color_trc=\(picture.color_transfer ?? "smpte2084")"
            + ":colorspace=\(stated(picture.color_space, or: "bt2020nc")),"
            + "zscale=t=linear:npl=203,format=gbrpf32le,zscale=p=bt709,tonemap=tonemap=mobius:desat=0,"
            + "zscale=t=bt709:m=bt709:r=tv,format=yuv420p"
    }

    private func fixed(_ value: Double) -> String { FFmpegProgram.number(value) }
}
