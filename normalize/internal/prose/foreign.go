package prose

import "strings"

// foreignPhrases are what runtimes and databases say in languages that put no
// spaces between words, or endings to them.
var foreignPhrases = []struct{ kind, phrases string }{
	{"exception", `
		オブジェクト参照がオブジェクト インスタンスに設定されていません; オブジェクト インスタンスに設定; 개체 참조가 개체의 인스턴스
		スタックトレース; スタック トレース; 스택 추적; ハンドルされていない例外; ヌルポインタ; 内部例外
	`},
	{"sql", `
		リレーション; 릴레이션; 一意性制約; 一意制約; 外部キー制約; 고유 제약; 무결성 제약; 참조키; 外来キー制約
		表またはビューが存在しません; 테이블 또는 뷰가 존재하지 않습니다; 構文エラーです; 構文エラーまたは; 구문 오류
		デッドロック; 데드락; 교착 상태; データベースエラー; データベース接続; 데이터베이스 연결; データベースに接続
		로그인하지 못했습니다
	`},
	{"system error", `
		接続が拒否; 接続を拒否; 연결이 거부; 연결을 거부; ファイルやディレクトリ; ファイルまたはディレクトリ; 파일이나 디렉터리
		메모리가 부족
	`},
}

// A foreignPhrase is one phrase of foreignPhrases.
type foreignPhrase struct{ kind, text string }

// foreignByRune holds foreignPhrases by their first character, which is of
// three bytes in UTF-8.
var foreignByRune = func() map[string][]foreignPhrase {
	m := map[string][]foreignPhrase{}
	for _, table := range foreignPhrases {
		for text := range tableLines(table.phrases) {
			m[text[:3]] = append(m[text[:3]], foreignPhrase{table.kind, text})
		}
	}
	return m
}()

// foreignLeak reports a phrase of foreignPhrases.
func foreignLeak(text string) string {
	for i := 0; i+3 <= len(text); i++ {
		if text[i] < 0xE0 {
			continue
		}
		for _, p := range foreignByRune[text[i:i+3]] {
			if strings.HasPrefix(text[i:], p.text) {
				return p.kind
			}
		}
		i += 2
	}
	return ""
}
