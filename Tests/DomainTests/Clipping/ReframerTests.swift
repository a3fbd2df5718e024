import Domain
import Testing

@Suite("Reframing") struct ReframerTests {
    private let wide = PictureSize(width: 1920, height: 1080)
    private let upright = PictureSize(width: 1080, height: 1920)

    /// A track of four seconds in which `centres(time)` are interesting, each as wide as a person, over a little noise.
    private func track(
        cuts: [Double] = [], seconds: Double = 4, interesting centres: (Double) -> [Double]
    ) -> PictureTrack {
        let samples = stride(from: 0.0, to: seconds, by: 0.2).map { time in
            let columns = (0..<PictureTrack.columns).map { column -> UInt8 in
                let place = (Double(column) + 0.5) / Double(PictureTrack.columns)
                let near = centres(time).contains { abs($0 - place) < 0.07 }
                return near ? 230 : UInt8(column * 7 % 11)
            }
            return PictureTrack.Sample(
                time: time, columns: columns, rows: Array(columns.prefix(PictureTrack.rows)), motion: 0.1)
        }
        return PictureTrack(samples: samples, cuts: cuts, end: seconds)
    }

    private func plan(
        _ track: PictureTrack, from source: PictureSize? = nil, to target: PictureSize? = nil,
        span: TimeSpan = TimeSpan(start: 0, end: 4)
    ) -> ReframePlan {
        Reframer.plan(from: source ?? wide, to: target ?? upright, pictures: track, span: span)
    }

    /// Whether the window's middle is within `tolerance` of `place` at `time`.
    private func isFramed(
        _ plan: ReframePlan, at time: Double, around place: Double, within tolerance: Double = 0.04
    ) -> Bool {
        middle(of: plan, at: time).map { abs($0 - place) < tolerance } ?? false
    }

    /// The window's middle at `time`, nil where the whole picture is shown.
    private func middle(of plan: ReframePlan, at time: Double) -> Double? {
        guard let shot = plan.shots.last(where: { $0.span.start <= time }),
            case .window(let path) = shot.framing
        else { return nil }
        return path.position(at: time) + plan.extent / 2
    }

    @Test(
        "a subject that crosses from the left to the right third stays inside the window in 95 % of the frames",
        arguments: [1.5, 3, 8, 20])
    func crossingSubject(seconds: Double) throws {
        let place = { (time: Double) in 1.0 / 6 + 4.0 / 6 * time / seconds }
        let plan = plan(
            track(seconds: seconds) { [place($0)] }, span: TimeSpan(start: 0, end: seconds))
        let frames = stride(from: 0.0, to: seconds, by: 1 / 30.0)
        let inside = frames.count { time in
            middle(of: plan, at: time).map { abs($0 - place(time)) + 0.06 <= plan.extent / 2 } ?? false
        }
        #expect(Double(inside) >= 0.95 * Double(Array(frames).count))
    }

    @Test("a subject that is on the move as a shot opens and ends is in the window there")
    func movingEnds() throws {
        // To and fro between a fifth and four fifths, at both ends through the middle.
        let place = { (time: Double) in
            0.2 + 0.6 * abs((time / 3 + 0.5).truncatingRemainder(dividingBy: 2) - 1)
        }
        let plan = plan(track(seconds: 12) { [place($0)] }, span: TimeSpan(start: 0, end: 12))
        for time in [0, 0.2, 11.8, 11.95] {
            #expect(isFramed(plan, at: time, around: place(time), within: plan.extent / 2 - 0.06))
        }
    }

    @Test("a subject at rest is framed at rest, in the middle of the window")
    func restingSubject() throws {
        let plan = plan(track { _ in [0.6] })
        guard case .window(let path) = plan.shots.first?.framing else {
            Issue.record("no window")
            return
        }
        #expect(path.points.count == 1)
        #expect(abs((middle(of: plan, at: 2) ?? 0) - 0.6) < 0.03)
    }

    @Test("a window never leaves the picture", arguments: [0.01, 0.1, 0.9, 0.99])
    func staysInside(place: Double) throws {
        let plan = plan(track { _ in [place] })
        let found = try #require(middle(of: plan, at: 1))
        #expect(found >= plan.extent / 2 - 1e-9 && found <= 1 - plan.extent / 2 + 1e-9)
    }

    @Test("a nervous subject does not make a nervous window")
    func calm() throws {
        let plan = plan(track { time in [0.5 + (Int(time * 5) % 2 == 0 ? 0.02 : -0.02)] })
        guard case .window(let path) = plan.shots.first?.framing else {
            Issue.record("no window")
            return
        }
        #expect(path.points.count == 1)
    }

    @Test("what is interesting everywhere, or at both ends, is shown whole")
    func wholePicture() {
        let page = plan(track { _ in stride(from: 0.05, through: 0.95, by: 0.1).map { $0 } })
        #expect(page.shots.map(\.framing) == [.whole])
        let twoPeople = plan(track { _ in [0.15, 0.85] })
        #expect(twoPeople.shots.map(\.framing) == [.whole])
    }

    @Test("two people who fit are framed together")
    func twoPeopleClose() throws {
        let plan = plan(track { _ in [0.44, 0.58] })
        #expect(isFramed(plan, at: 2, around: 0.51, within: 0.05))
    }

    @Test("at a cut the window jumps, and does not move before or after it")
    func cuts() throws {
        let plan = plan(track(cuts: [2]) { [$0 < 2 ? 0.2 : 0.8] })
        #expect(plan.shots.count == 2)
        for time in [0.1, 1.0, 1.99] { #expect(isFramed(plan, at: time, around: 0.2)) }
        for time in [2.01, 3.0, 3.9] { #expect(isFramed(plan, at: time, around: 0.8)) }
    }

    @Test("each shot has the layout that suits it, but none for less than a second")
    func layouts() {
        let slides = { (time: Double, from: Double, to: Double) in
            time >= from && time < to ? [0.08, 0.24, 0.4, 0.56, 0.72, 0.88] : [0.5]
        }
        let long = plan(track(cuts: [1.4, 2.8]) { slides($0, 1.4, 2.8) })
        #expect(long.shots.map(\.isWhole) == [false, true, false])
        let short = plan(track(cuts: [1.4, 2]) { slides($0, 1.4, 2) })
        #expect(short.shots.map(\.isWhole) == [false, false, false])
    }

    @Test("times are those of the clip")
    func clipTimes() throws {
        let plan = plan(
            track(cuts: [3], seconds: 8) { [$0 < 3 ? 0.2 : 0.8] }, span: TimeSpan(start: 2, end: 6))
        #expect(plan.shots.map(\.span) == [TimeSpan(start: 0, end: 1), TimeSpan(start: 1, end: 4)])
        #expect(isFramed(plan, at: 3, around: 0.8, within: 0.04))
    }

    @Test("an upright source is cut from above and below for a wide format")
    func uprightToWide() throws {
        let plan = plan(track { _ in [0.3] }, from: upright, to: wide)
        #expect(plan.axis == .vertical)
        #expect(abs(plan.extent - 0.316) < 0.01)
    }

    @Test("nothing is cut off where the shapes agree")
    func sameShape() {
        let plan = plan(track { _ in [0.1] }, to: PictureSize(width: 1280, height: 720))
        #expect(plan.extent == 1)
        #expect(plan.shots.count == 1)
    }

    @Test("a source of which nothing is known is framed in its middle")
    func unknown() throws {
        let plan = plan(PictureTrack(samples: [], cuts: [], end: 4))
        #expect(middle(of: plan, at: 1) == 0.5)
    }
}
