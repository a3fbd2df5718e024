/// How the machine's cores are shared among clips that are rendered at the same time.
///
/// Much of a graph's work is done by one thread, so clips side by side use the cores better than one clip on all
/// of them; but each may use more than its share, for when it is the last one.
package struct RenderBudget: Sendable {
    /// How many clips to render at the same time.
    package let clipsAtOnce: Int
    /// How many threads each of them gets for decoding and as many for encoding.
    package let threadsPerClip: Int

    /// The budget for a machine with so many cores.
    package init(cores: Int) {
        clipsAtOnce = max(1, min(cores, 8))
        threadsPerClip = max(1, min(cores, 4))
    }
}
