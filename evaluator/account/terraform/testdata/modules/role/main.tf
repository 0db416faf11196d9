variable "name" {}
variable "functions" {}

resource "aws_iam_role" "this" {
  name_prefix        = "${var.name}-"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = { AWS = "123456789012" }, Action = "sts:AssumeRole" }] })
}

data "aws_iam_policy_document" "this" {
  statement {
    actions   = ["lambda:InvokeFunction"]
    resources = var.functions
  }
}

resource "aws_iam_policy" "this" {
  name   = var.name
  policy = data.aws_iam_policy_document.this.json
}

resource "aws_iam_role_policy_attachment" "this" {
  role       = aws_iam_role.this.name
  policy_arn = aws_iam_policy.this.arn
}

output "role" {
  value = aws_iam_role.this.id
}
