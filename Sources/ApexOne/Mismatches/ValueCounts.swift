import InputText

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// How many agents of a list hold each value of a column. They are counted by the bytes in the list: a string is made
/// for each value, not for each agent.
struct ValueCounts {
  private struct Bytes: Hashable {
    let bytes: UnsafeBufferPointer<UInt8>

    static func == (left: Bytes, right: Bytes) -> Bool {
      guard left.bytes.count == right.bytes.count else { return false }
      guard let mine = left.bytes.baseAddress, let other = right.bytes.baseAddress else { return true }
      return memcmp(mine, other, left.bytes.count) == 0
    }

    func hash(into hasher: inout Hasher) { hasher.combine(bytes: UnsafeRawBufferPointer(bytes)) }
  }

  /// By value; the empty one is of the agents that have nothing in the column.
  private(set) var counts: [String: Int] = [:]

  /// `isTrimmed`: blanks around a value are no part of it.
  init(_ text: FieldTable, rows: some Sequence<Int>, column: Int, isTrimmed: Bool) {
    text.bytes.withUnsafeBufferPointer { all in
      var plain: [Bytes: Int] = [:]
      for row in rows {
        if let range = text.plainRange(row, column, in: all),
          !isTrimmed || range.isEmpty || all[range.lowerBound] != 0x3D
        {
          let value = UnsafeBufferPointer(rebasing: all[range])
          plain[Bytes(bytes: isTrimmed ? Blank.trimmed(value) : value), default: 0] += 1
        } else {
          counts[(isTrimmed ? text.trimmed(row, column) : text.value(row, column)) ?? "", default: 0] += 1
        }
      }
      for (value, count) in plain { counts[String(decoding: value.bytes, as: UTF8.self), default: 0] += count }
    }
  }
}

extension MismatchList {
  /// How many of some of its agents hold each value of a column; the empty value is of those with nothing there.
  package func counts(of agents: [Agent], by meaning: ColumnMeaning) -> [String: Int] {
    counts(of: agents, isTrimmed: true) { $0.column(meaning) }
  }

  /// The same by the column's number, from 0, blanks being a part of the value.
  package func counts(of agents: [Agent], column: Int) -> [String: Int] {
    let name = headers.flatMap { column < $0.count ? HeaderGuess.title(of: column, in: $0) : nil }
    return counts(of: agents, isTrimmed: false) { section in
      guard section.firstRow > 0, let name, let headers = section.headers else { return column }
      return HeaderGuess.columns(named: name, in: headers).first
    }
  }

  /// The columns, from 0, that a person means by a name: `Host`, `Host #2`.
  package func columns(named name: String) -> [Int] { HeaderGuess.columns(named: name, in: headers ?? []) }

  private func counts(
    of agents: [Agent], isTrimmed: Bool, column: (MismatchTable.Section) -> Int?
  ) -> [String: Int] {
    guard let table else { return [:] }
    var counts: [String: Int] = [:]
    for (index, section) in table.sections.enumerated() {
      let end = index + 1 < table.sections.count ? table.sections[index + 1].firstRow : table.text.count
      let rows = agents.lazy.compactMap(\.row).filter { ($0 >= section.firstRow || index == 0) && $0 < end }
      guard let column = column(section) else {
        let missing = rows.count { _ in true }
        if missing > 0 { counts["", default: 0] += missing }
        continue
      }
      let found = ValueCounts(table.text, rows: rows, column: column, isTrimmed: isTrimmed).counts
      counts.merge(found, uniquingKeysWith: +)
    }
    return counts
  }
}
