variable "name" {}

resource "aws_iam_role" "this" {
  name               = "${var.name}-runs"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = { Service = "lambda.amazonaws.com" }, Action = "sts:AssumeRole" }] })
}

resource "aws_lambda_function" "this" {
  function_name = var.name
  role          = aws_iam_role.this.arn
}

output "arn" {
  value = aws_lambda_function.this.arn
}
