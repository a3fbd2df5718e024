/// The known word that someone who wrote `word` most likely meant; nil when none is near.
///
/// Near means at most a third of the letters apart, by the Damerau–Levenshtein distance (optimal string
/// alignment).
func suggestion(for word: String, among known: some Sequence<String>) -> String? {
    let limit = max(1, word.count / 3)
    return known.map { (candidate: $0, distance: editDistance(word, $0)) }
        .filter { $0.distance <= limit }
        .min { ($0.distance, $0.candidate) < ($1.distance, $1.candidate) }?.candidate
}

private func editDistance(_ first: String, _ second: String) -> Int {
    let (first, second) = (Array(first), Array(second))
    var beforeLast: [Int] = []
    var last = Array(0...second.count)
    for row in first.indices {
        var current = [row + 1]
        for column in second.indices {
            let substitution = last[column] + (first[row] == second[column] ? 0 : 1)
            var best = min(substitution, last[column + 1] + 1, current[column] + 1)
            if row > 0, column > 0, first[row] == second[column - 1], first[row - 1] == second[column] {
                best = min(best, beforeLast[column - 1] + 1)
            }
            current.append(best)
        }
        (beforeLast, last) = (last, current)
    }
    return last[second.count]
}
