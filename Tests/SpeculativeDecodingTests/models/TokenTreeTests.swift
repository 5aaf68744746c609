import SpeculativeDecoding
import Testing

@Suite struct TokenTreeTests {
  @Test func childrenStandInDrawOrder() {
    var tree = TokenTree(root: 4)
    let first = tree.append(2, to: 0)
    let second = tree.append(0, to: 0)
    let below = tree.append(7, to: second)
    #expect(tree.children(of: 0) == [first, second])
    #expect(tree.children(of: first).isEmpty)
    #expect(tree.tokens(downTo: below) == [0, 7])
    #expect(tree[below].depth == 2)
    #expect(tree.child(of: 0, token: 0) == second && tree.child(of: 0, token: 9) == -1)
    tree.reorderChildren(of: 0, to: [second, first])
    #expect(tree.children(of: 0) == [second, first])
    #expect(tree.append(5, to: 0) == 4 && tree.children(of: 0) == [second, first, 4])
    tree.reset(root: 1)
    #expect(tree.count == 1 && tree.children(of: 0).isEmpty && tree[0].token == 1)
  }

  @Test func repeatsAreMarkedAndShareOneNode() {
    var tree = TokenTree(root: 0)
    let first = tree.appendRepeatable(3, to: 0)
    #expect(tree.appendRepeatable(3, to: 0) == first)
    #expect(tree.appendRepeatable(1, to: 0) == 3)
    #expect(tree.childCount(of: 0) == 3)
    #expect(tree[2].isRepeat && Int(tree[2].original) == first && !tree[3].isRepeat)
  }
}
