//! How well tokens are told before a request is sent: against what servers reported (`ANTIPHON_DATA`, else
//! `../shared/data`), and for Chinese against a tokenizer.

use antiphon::catalog::{Factors, count_exact, count_tokens};
use std::path::PathBuf;

#[path = "support/mod.rs"]
mod support;

/// The 90th percentile of the error may reach this.
const AIM: f64 = 0.15;

/// Texts written for this test, and their tokens in OpenAI's `o200k_base`.
const CHINESE: &[(u64, &str)] = &[
    (
        25,
        "请帮我检查这段代码为什么会在空列表上崩溃，并给出修复后的版本。",
    ),
    (
        29,
        "我们的服务每天大约处理三百万个请求，高峰期的延迟超过了两秒，应该先从哪里开始排查？",
    ),
    (
        26,
        "把下面的句子翻译成英文，保持正式的语气：感谢贵公司一直以来的支持与合作。",
    ),
    (
        30,
        "昨天晚上下了一场大雨，院子里的花都被打落了，可是今天早上阳光又格外明亮。",
    ),
    (20, "什么是动态规划？请用一个简单的例子说明它和递归的区别。"),
    (
        27,
        "根据合同第十二条，乙方应当在收到货物之日起三十个工作日内支付全部款项。",
    ),
    (
        28,
        "量子计算机利用叠加和纠缠的性质，在某些问题上可以比经典计算机快得多。",
    ),
    (
        26,
        "请写一首关于秋天的短诗，四行，每行七个字，不要使用生僻字。",
    ),
    (
        25,
        "数据库的索引可以加快查询速度，但是也会增加写入的开销，因此需要权衡利弊。",
    ),
    (
        28,
        "这家餐厅的牛肉面味道很好，价格也不贵，只是周末需要排很长时间的队。",
    ),
    (
        25,
        "用 Python 写一个函数 parse_date，把“2026年11月20日”这样的字符串转换成 datetime 对象。",
    ),
    (
        32,
        "Rust 的所有权规则让编译器可以在没有垃圾回收的情况下保证内存安全，你能解释一下 borrow checker 是怎么工作的吗？",
    ),
    (
        37,
        "患者，男，五十六岁，因反复胸痛三天入院，既往有高血压病史十年，否认糖尿病史。",
    ),
    (
        26,
        "人工智能模型的上下文窗口越长，一次能够处理的内容就越多，但是费用也随之上升。",
    ),
    (
        29,
        "請問這個週末有沒有推薦的步道？最好是坐捷運就可以到的，難度不要太高。",
    ),
    (
        29,
        "1. 安装依赖；2. 修改配置文件；3. 重新启动服务；4. 查看日志，确认没有错误。",
    ),
    (
        31,
        "帮我写一封邮件，告诉客户项目会延期两周，语气要诚恳，并说明我们正在采取的补救措施。",
    ),
    (
        33,
        "为什么我的电脑开机以后风扇一直响？温度看起来是正常的，任务管理器里也没有占用很高的程序。",
    ),
    (
        25,
        "小明有十二个苹果，给了小红三个，又买了五个，现在他一共有多少个苹果？",
    ),
    (
        29,
        "这段日志显示连接在握手阶段就被重置了，请分析可能的原因，并按可能性从高到低排列。",
    ),
    (
        23,
        "孔子说过：“学而时习之，不亦说乎？”这句话在今天应该怎么理解？",
    ),
    (
        32,
        "本公司二零二六年第三季度营业收入同比增长百分之十八，净利润同比下降百分之四，主要原因是研发投入增加。",
    ),
    (
        27,
        "把这个类拆成两个：一个负责读取配置，一个负责校验，接口保持不变，并补上单元测试。",
    ),
    (
        28,
        "老人坐在门口的石阶上，慢慢地抽着烟，看着远处的山一点一点暗下去。",
    ),
    (
        23,
        "比较一下 PostgreSQL 和 MySQL 在事务隔离级别上的差异，重点说明可重复读。",
    ),
    (
        27,
        "糖尿病患者平时饮食应注意哪些方面？能不能吃水果？每天运动多长时间比较合适？",
    ),
    (
        32,
        "函数返回的是一个引用，可是它指向的局部变量在函数结束时就被释放了，所以会出现悬垂指针。",
    ),
    (
        27,
        "我想在三月份去云南旅行七天，预算五千元，请帮我安排一个不太累的行程。",
    ),
    (
        35,
        "該系統採用微服務架構，各服務之間透過訊息佇列溝通，以降低耦合並提升可用性。",
    ),
    (
        27,
        "机器学习中的过拟合是指模型在训练数据上表现很好，但在新数据上表现较差的现象。",
    ),
    (
        26,
        "会议纪要：一、讨论了预算；二、确定了负责人；三、下周五之前提交初稿。",
    ),
    (
        26,
        "太阳系有八颗行星，其中木星最大，水星最小，距离太阳最远的是海王星。",
    ),
];

struct Prompt {
    id: String,
    text: String,
    counted: u64,
    reported: u64,
}

impl Prompt {
    fn is_chinese(&self) -> bool {
        let han = self
            .text
            .chars()
            .filter(|c| ('\u{4e00}'..='\u{9fff}').contains(c))
            .count();
        han * 10 > self.text.chars().count()
    }

    /// Whether it belongs to the half that is learned from.
    fn is_lesson(&self) -> bool {
        self.hash() & 1 == 0
    }

    /// FNV-1a of the id: a shuffle that is the same on every machine.
    fn hash(&self) -> u64 {
        self.id.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        })
    }
}

fn prompts(model: &str) -> Option<Vec<Prompt>> {
    let data = std::env::var_os("ANTIPHON_DATA").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data"),
        PathBuf::from,
    );
    let path = data
        .join("tokens/cached_results")
        .join(format!("{model}.jsonl"));
    let Ok(text) = std::fs::read_to_string(&path) else {
        support::skipped(&format!("no {} (set ANTIPHON_DATA)", path.display()));
        return None;
    };
    let rows = text.lines().filter_map(|line| {
        let row: serde_json::Value = serde_json::from_str(line).ok()?;
        let text = row.get("question")?.as_str()?.to_owned();
        Some(Prompt {
            id: row.get("global_index")?.as_str()?.to_owned(),
            counted: count_tokens(&text),
            reported: row.pointer("/token_usage/input_tokens")?.as_u64()?,
            text,
        })
    });
    // In the file they stand by subject, which nobody's prompts do.
    let mut prompts: Vec<Prompt> = rows.collect();
    prompts.sort_by_key(Prompt::hash);
    Some(prompts)
}

/// Errors as shares of the truth.
struct Errors(Vec<f64>);

impl Errors {
    fn of(pairs: impl IntoIterator<Item = (f64, u64)>) -> Errors {
        let shares = pairs
            .into_iter()
            .map(|(guess, truth)| (guess - truth as f64).abs() / truth as f64);
        let mut errors: Vec<f64> = shares.collect();
        errors.sort_by(f64::total_cmp);
        Errors(errors)
    }

    fn p90(&self) -> f64 {
        self.0.get(self.0.len() * 9 / 10).copied().unwrap_or(0.0)
    }

    fn within(&self, share: f64) -> f64 {
        let inside = self.0.iter().filter(|error| **error <= share).count();
        100.0 * inside as f64 / self.0.len().max(1) as f64
    }

    fn row(&self, name: &str) -> String {
        let n = self.0.len();
        if n == 0 {
            return format!("{name:<58} {n:>4}      –      –      –      –");
        }
        let mean = self.0.iter().sum::<f64>() / n as f64;
        format!(
            "{name:<58} {n:>4} {:>5.1}% {:>5.1}% {:>5.1}% {:>5.1}%",
            100.0 * mean,
            100.0 * self.p90(),
            self.within(0.15),
            self.within(0.30)
        )
    }
}

const HEAD: &str =
    "model                                                         n   mean    p90  in15%  in30%";

#[test]
fn estimates_meet_what_servers_report() {
    println!("{HEAD}");
    for model in ["claude-3-haiku-20240307", "gemini-2.0-flash-001"] {
        let Some(prompts) = prompts(model) else {
            continue;
        };
        let mut factors = Factors::default();
        let seed = factors.get(model);
        let unlearned = Errors::of(
            prompts
                .iter()
                .map(|p| (p.counted as f64 * seed, p.reported)),
        );

        let mut online = Vec::new();
        let mut learning = Factors::default();
        for prompt in &prompts {
            online.push((prompt.counted as f64 * learning.get(model), prompt.reported));
            learning.update(model, prompt.counted, prompt.reported);
        }
        let online = Errors::of(online);

        for lesson in prompts.iter().filter(|p| p.is_lesson()) {
            factors.update(model, lesson.counted, lesson.reported);
        }
        let learned = factors.get(model);
        let guesses = |chinese: bool| {
            let asked = prompts
                .iter()
                .filter(move |p| !p.is_lesson() && p.is_chinese() == chinese);
            Errors::of(asked.map(move |p| (p.counted as f64 * learned, p.reported)))
        };
        let (other, chinese) = (guesses(false), guesses(true));
        println!("{}", unlearned.row(&format!("{model}, seed {seed}")));
        println!("{}", online.row(&format!("{model}, online")));
        println!(
            "{}",
            other.row(&format!("{model}, half learned: {learned:.3}"))
        );
        println!(
            "{}",
            chinese.row(&format!("{model}, half learned, Chinese"))
        );

        // A figure that is the same simple sum in every row was never reported by a tokenizer. Nothing can be learned
        // of a tokenizer from it, and an estimate that met it would be wrong.
        let words = |p: &Prompt| (p.text.split_whitespace().count() as f64 * 1.3) as u64;
        if prompts.iter().all(|p| p.reported == words(p)) {
            support::skipped(&format!(
                "{model}: its counts are 1.3 × words in all {} rows, not a server's",
                prompts.len()
            ));
            continue;
        }
        assert!(prompts.len() > 500, "{model}: {} prompts", prompts.len());
        assert!(other.p90() < AIM && online.p90() < AIM, "{model}");
        assert!(chinese.p90() < AIM, "{model}");
    }
}

#[test]
fn chinese_is_counted_as_a_tokenizer_does() {
    let sentences = CHINESE
        .iter()
        .map(|(exact, text)| (count_tokens(text) as f64, *exact));
    let sentences = Errors::of(sentences);
    // Four sentences are about as long as the prompts above are.
    let prompts = Errors::of(CHINESE.chunks(4).map(|part| {
        let text: String = part.iter().map(|(_, text)| *text).collect();
        (
            count_tokens(&text) as f64,
            part.iter().map(|(exact, _)| exact).sum(),
        )
    }));
    println!("{HEAD}");
    println!("{}", sentences.row("o200k_base, Chinese, single sentences"));
    println!(
        "{}",
        prompts.row("o200k_base, Chinese, prompts of four sentences")
    );
    assert!(prompts.p90() < AIM, "{:?}", prompts.0);
    assert!(sentences.p90() < 0.20, "{:?}", sentences.0);
}

#[test]
fn the_exact_counter_counts_as_the_table_says() {
    for (exact, text) in CHINESE {
        let Some(counted) = count_exact("gpt-5.5", text) else {
            support::skipped("built without the feature exact-tokens");
            return;
        };
        assert_eq!(counted, *exact, "{text}");
    }
}
