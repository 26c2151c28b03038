//! Work and span of a sum. See `docs/laws.md`.

struct Sum {
    total: u64,
    /// All additions.
    work: u32,
    /// The longest chain of additions that need each other's results.
    span: u32,
}

fn one_by_one(numbers: &[u64]) -> Sum {
    numbers[1..].iter().fold(Sum { total: numbers[0], work: 0, span: 0 }, |so_far, number| Sum {
        total: so_far.total + number,
        work: so_far.work + 1,
        span: so_far.span + 1,
    })
}

fn by_halves(numbers: &[u64]) -> Sum {
    if let [number] = numbers {
        return Sum { total: *number, work: 0, span: 0 };
    }
    let (left, right) = numbers.split_at(numbers.len() / 2);
    // These two could run at the same time: `rayon::join(|| …, || …)`.
    let (left, right) = (by_halves(left), by_halves(right));
    Sum {
        total: left.total + right.total,
        work: left.work + right.work + 1,
        span: left.span.max(right.span) + 1,
    }
}

fn main() {
    let numbers: Vec<u64> = (1..=1024).collect();
    for (name, Sum { total, work, span }) in
        [("one by one", one_by_one(&numbers)), ("by halves", by_halves(&numbers))]
    {
        println!("{name}: {total}, with work {work}, span {span}");
    }
}
