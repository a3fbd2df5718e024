/// How the machine's cores are shared among clips that are rendered at the same time.
///
/// Filters use one core for most of their work, the encoder any number: several clips side by side use the cores
/// better than one clip on all of them.
package struct RenderBudget: Sendable {
    /// How many clips to render at the same time.
    package let clipsAtOnce: Int
    /// How many threads each of them gets for decoding and encoding.
    package let threadsPerClip: Int

    /// The budget for a machine with so many cores.
    package init(cores: Int) {
        clipsAtOnce = max(1, min(cores, 8))
        threadsPerClip = max(1, (cores + clipsAtOnce - 1) / clipsAtOnce)
    }
}
