"""Cached results are bounded by their bytes."""

from queries.cache.store import FunctionCache, ResultStore, results


def test_the_results_used_last_are_kept_within_the_bytes() -> None:
    store = ResultStore(max_bytes=40)
    for key in "abcd":
        store.put(key, bytes(10))
    assert store.get("a") is not None
    store.put("e", bytes(10))
    assert [key for key in "abcde" if store.get(key)] == ["a", "c", "d", "e"]
    assert store.total_bytes == 40
    store.put("a", bytes(4))
    assert store.total_bytes == 34


def test_a_result_that_would_displace_the_others_is_not_kept() -> None:
    store = ResultStore(max_bytes=40)
    store.put("a", bytes(10))
    store.put("b", bytes(11))
    assert (store.get("a"), store.get("b"), store.total_bytes) == (bytes(10), None, 10)


def test_many_ranges_of_days_take_no_more_than_the_store() -> None:
    calls: list[int] = []

    def days(n: int) -> bytes:
        calls.append(n)
        return bytes(1_000_000)

    function_cache = FunctionCache(days)
    for n in range(200):
        assert len(function_cache.result(function_cache.arguments(n))) == 1_000_000
    assert results.total_bytes <= 32_000_000
    function_cache.result(function_cache.arguments(199))
    assert calls == list(range(200))
