#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Names in sorted order for completion: one flat buffer of case-folded bytes, looked up by two binary searches.
/// Immutable, so that the editor's thread reads it while everything else goes on.
package struct NameIndex: Sendable {
  private let flat: FlatNames

  package var count: Int { flat.tags.count }

  /// - Parameter tag: up to eight bits a name that lookups can ask for, such as "is mismatched".
  package init(_ names: [AgentName], tag: (AgentName) -> UInt8 = { _ in 0 }) {
    var folded: [UInt8] = []
    var ends: [Int] = [0]
    folded.reserveCapacity(names.count * 16)
    ends.reserveCapacity(names.count + 1)
    for name in names {
      folded.append(contentsOf: name.key.utf8)
      ends.append(folded.count)
    }
    let order = NameIndex.sorted(folded, ends)
    var keys: [UInt8] = []
    var texts: [UInt8] = []
    var tags: [UInt8] = []
    var keyEnds: [UInt32] = [0]
    var textEnds: [UInt32] = [0]
    keys.reserveCapacity(folded.count)
    texts.reserveCapacity(folded.count)
    for (place, index) in order.enumerated() {
      let key = folded[ends[index]..<ends[index + 1]]
      if place > 0, folded[ends[order[place - 1]]..<ends[order[place - 1] + 1]].elementsEqual(key) { continue }
      keys.append(contentsOf: key)
      keyEnds.append(UInt32(keys.count))
      texts.append(contentsOf: names[index].text.utf8)
      textEnds.append(UInt32(texts.count))
      tags.append(tag(names[index]))
    }
    self.flat = FlatNames(keys: keys, keyEnds: keyEnds, texts: texts, textEnds: textEnds, tags: tags)
  }

  /// The names that begin with `prefix`, whatever its case, in byte order of their folded forms.
  package func matches(_ prefix: String) -> Matches {
    var prefix = prefix
    let range = prefix.withUTF8 { given -> Range<Int>? in
      guard given.count <= 64, given.allSatisfy({ $0 < 0x80 }) else { return nil }
      return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 64) { folded in
        for index in given.indices { folded[index] = AgentName.lowered(given[index]) }
        return self.range(UnsafeBufferPointer(rebasing: folded[..<given.count]))
      }
    }
    if let range { return Matches(names: flat, range: range) }
    let folded = Array(AgentName.key(of: prefix).utf8)
    return Matches(names: flat, range: folded.withUnsafeBufferPointer { self.range($0) })
  }

  /// What a lookup found: places in the index, turned into strings when asked for.
  package struct Matches: Sendable {
    fileprivate let names: FlatNames
    fileprivate let range: Range<Int>

    package var count: Int { range.count }

    /// How many have every bit of `tag`.
    package func count(tagged tag: UInt8) -> Int { names.tags[range].count { $0 & tag == tag } }

    /// The first names, with their tags; only those with every bit of `tag`.
    package func first(_ limit: Int, tagged tag: UInt8 = 0) -> [(text: String, tag: UInt8)] {
      var found: [(text: String, tag: UInt8)] = []
      for place in range {
        guard found.count < limit else { break }
        if names.tags[place] & tag == tag { found.append((names.text(place), names.tags[place])) }
      }
      return found
    }

    /// What all of them begin with, whatever its case, written as the first of them is; empty where there are none.
    package func commonPrefix(tagged tag: UInt8 = 0) -> String {
      let places = range.lazy.filter { names.tags[$0] & tag == tag }
      guard let low = places.first, let high = range.last(where: { names.tags[$0] & tag == tag }) else { return "" }
      let key = names.key(low)
      var shared = zip(key, names.key(high)).prefix { $0 == $1 }.count
      while shared > 0, shared < key.count, key[key.startIndex + shared] & 0xC0 == 0x80 { shared -= 1 }
      let text = names.textBytes(low)
      // A few letters change their length with their case: then the folded form has to do.
      let shown = text.count == key.count ? text : key
      return String(decoding: shown.prefix(shared), as: UTF8.self)
    }
  }

  /// Where the names with this folded prefix lie.
  private func range(_ prefix: UnsafeBufferPointer<UInt8>) -> Range<Int> {
    guard let wanted = prefix.baseAddress, prefix.count > 0 else { return 0..<count }
    return flat.keys.withUnsafeBufferPointer { keys in
      flat.keyEnds.withUnsafeBufferPointer { ends in
        /// The first place whose name, cut to the prefix's length, isn't below it; or, with `past`, is above it.
        func bound(past: Bool, from start: Int) -> Int {
          var low = start
          var high = ends.count - 1
          while low < high {
            let middle = (low + high) / 2
            let begin = Int(ends[middle])
            let length = Int(ends[middle + 1]) - begin
            var order = memcmp(keys.baseAddress! + begin, wanted, min(length, prefix.count))
            if order == 0, length < prefix.count { order = -1 }
            if order < 0 || (past && order == 0) { low = middle + 1 } else { high = middle }
          }
          return low
        }
        let low = bound(past: false, from: 0)
        return low..<bound(past: true, from: low)
      }
    }
  }

  /// Indices of names in byte order; of equal names the first given comes first.
  private static func sorted(_ flat: [UInt8], _ ends: [Int]) -> [Int] {
    flat.withUnsafeBufferPointer { flat in
      ends.withUnsafeBufferPointer { ends in
        (0..<(ends.count - 1)).sorted { left, right in
          let (leftLength, rightLength) = (ends[left + 1] - ends[left], ends[right + 1] - ends[right])
          guard let base = flat.baseAddress else { return left < right }
          let order = memcmp(base + ends[left], base + ends[right], min(leftLength, rightLength))
          if order != 0 { return order < 0 }
          return leftLength == rightLength ? left < right : leftLength < rightLength
        }
      }
    }
  }
}

/// The buffers of an index. A class, so that a lookup's result holds one reference.
private final class FlatNames: Sendable {
  /// Case-folded names, one behind the other; name `n` lies from `keyEnds[n]` to `keyEnds[n + 1]`.
  let keys: [UInt8]
  let keyEnds: [UInt32]
  /// The names as they are shown, in the same order.
  let texts: [UInt8]
  let textEnds: [UInt32]
  let tags: [UInt8]

  init(keys: [UInt8], keyEnds: [UInt32], texts: [UInt8], textEnds: [UInt32], tags: [UInt8]) {
    self.keys = keys
    self.keyEnds = keyEnds
    self.texts = texts
    self.textEnds = textEnds
    self.tags = tags
  }

  func key(_ place: Int) -> ArraySlice<UInt8> { keys[Int(keyEnds[place])..<Int(keyEnds[place + 1])] }

  func textBytes(_ place: Int) -> ArraySlice<UInt8> { texts[Int(textEnds[place])..<Int(textEnds[place + 1])] }

  func text(_ place: Int) -> String { String(decoding: textBytes(place), as: UTF8.self) }
}
