package prose

import "strings"

// foreignPhrases are what runtimes and databases say in other languages than
// English.
var foreignPhrases = [...]struct{ kind, text string }{
	{"exception", "オブジェクト参照がオブジェクト インスタンスに設定されていません"},
	{"exception", "オブジェクト インスタンスに設定"},
	{"exception", "개체 참조가 개체의 인스턴스"},
	{"exception", "Objektverweis wurde nicht"},
	{"exception", "Ausnahmefehler"},
	{"exception", "スタックトレース"},
	{"exception", "スタック トレース"},
	{"exception", "스택 추적"},
	{"exception", "ハンドルされていない例外"},
	{"exception", "ヌルポインタ"},
	{"exception", "内部例外"},
	{"sql", "リレーション"},
	{"sql", "릴레이션"},
	{"sql", "一意性制約"},
	{"sql", "一意制約"},
	{"sql", "外部キー制約"},
	{"sql", "고유 제약"},
	{"sql", "무결성 제약"},
	{"sql", "참조키"},
	{"sql", "外来キー制約"},
	{"sql", "表またはビューが存在しません"},
	{"sql", "테이블 또는 뷰가 존재하지 않습니다"},
	{"sql", "構文エラーです"},
	{"sql", "構文エラーまたは"},
	{"sql", "구문 오류"},
	{"sql", "デッドロック"},
	{"sql", "데드락"},
	{"sql", "교착 상태"},
	{"sql", "データベースエラー"},
	{"sql", "データベース接続"},
	{"sql", "데이터베이스 연결"},
	{"sql", "データベースに接続"},
	{"sql", "로그인하지 못했습니다"},
	{"system error", "接続が拒否"},
	{"system error", "接続を拒否"},
	{"system error", "연결이 거부"},
	{"system error", "연결을 거부"},
	{"system error", "ファイルやディレクトリ"},
	{"system error", "ファイルまたはディレクトリ"},
	{"system error", "파일이나 디렉터리"},
	{"system error", "메모리가 부족"},
}

// foreignLeak reports a phrase of foreignPhrases.
func foreignLeak(text string) string {
	for _, p := range foreignPhrases {
		if strings.Contains(text, p.text) {
			return p.kind
		}
	}
	return ""
}
